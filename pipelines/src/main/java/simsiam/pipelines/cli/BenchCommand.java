package simsiam.pipelines.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.config.Suggestions;
import simsiam.pipelines.stage.Json;

/** Measures this machine. */
@CommandLine.Command(name = "bench", description = "Measure this machine.")
final class BenchCommand extends Command {
  private static final List<String> KNOWN = List.of("train-step", "loader", "knn", "preprocess");

  @Parameters(paramLabel = "WHAT", description = "train-step, loader, knn or preprocess")
  private String what;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  BenchCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    if (!KNOWN.contains(what)) {
      throw new UsageException(
          String.format(
              "Cannot measure %s: expected one of %s%s",
              what, String.join(", ", KNOWN), Suggestions.didYouMean(what, KNOWN)));
    }
    List<Map<String, Object>> rows = invoked().services().bench(what);
    if (json) {
      output().line(Json.pretty(rows));
    } else {
      Text.rows(rows).forEach(output()::line);
    }
    return ExitCode.OK;
  }
}
