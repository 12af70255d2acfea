package simsiam.pipelines.cli.data;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.model.data.Manifest;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.dataset.PreparedDataset;
import simsiam.pipelines.shard.ShardCheck;
import simsiam.pipelines.stage.Json;

/** Reads a whole data set and says what is wrong with it. */
@CommandLine.Command(
    name = "verify",
    description =
        "Compare every shard with the manifest: checksums, schema, counts, order of the rows.")
public final class DataVerifyCommand extends Command {
  @Mixin private DatasetArguments dataset;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public DataVerifyCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    PreparedDataset found = dataset.find(invoked());
    List<String> damage = ShardCheck.damage(found.shards(), rows -> {});
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("folder", found.shards().toString());
      all.put("whole", damage.isEmpty());
      all.put("damage", damage);
      output().line(Json.pretty(all));
    } else if (damage.isEmpty()) {
      output().line(whole(found));
    } else {
      damage.forEach(line -> output().complain("damaged: " + line));
    }
    return damage.isEmpty() ? ExitCode.OK : ExitCode.STAGE_FAILED;
  }

  private static String whole(PreparedDataset found) {
    Manifest manifest = found.manifest();
    return String.format(
        Locale.ROOT,
        "%s is whole: %,d images in %d shards, %.1f MB",
        Text.relative(found.shards()),
        manifest.splits().values().stream().mapToLong(Manifest.Split::rows).sum(),
        manifest.splits().values().stream().mapToInt(split -> split.shards().size()).sum(),
        manifest.splits().values().stream().mapToLong(Manifest.Split::bytes).sum() / 1e6);
  }
}
