package simsiam.pipelines.cli.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.model.data.Manifest;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.NewFiles;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.dataset.DatasetSummary;
import simsiam.pipelines.dataset.PreparedDataset;
import simsiam.pipelines.dataset.Sheets;
import simsiam.pipelines.preprocess.SkippedFiles;
import simsiam.pipelines.shard.LabelConflicts;
import simsiam.pipelines.stage.Json;

/** Shows what a data set holds. */
@CommandLine.Command(
    name = "show",
    description = "Show splits, classes and statistics, and draw sheets of images and of rejects.")
public final class DataShowCommand extends Command {
  @Mixin private DatasetArguments dataset;
  @Mixin private SheetOptions sheet;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      defaultValue = "train",
      description = "the split on the sheet (default: ${DEFAULT-VALUE})")
  private String split;

  @Option(names = "--json", description = "print JSON, the whole manifest in it")
  private boolean json;

  public DataShowCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    PreparedDataset found = dataset.find(invoked());
    Manifest manifest = found.manifest();
    if (!manifest.splits().containsKey(split)) {
      throw new UsageException(
          "Cannot show split: expected one of %s, got %s"
              .formatted(manifest.splits().keySet(), split));
    }
    Sheets sheets = sheet.of(found);
    Path examples = sheet.file("examples.png");
    Path rejects = sheet.file("rejects.png");
    sheets.examples(examples, split);
    boolean seen = sheets.rejects(rejects);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("folder", found.shards().toString());
      all.put("manifest", CanonicalJson.tree(manifest));
      all.put("rejects", found.rejects());
      all.put("skipped", found.skipped().files());
      all.put("label_conflicts", found.labelConflicts());
      all.put("sheets", seen ? List.of("" + examples, "" + rejects) : List.of("" + examples));
      output().line(Json.pretty(all));
      return ExitCode.OK;
    }
    print(found, manifest);
    output().line("images:  " + Text.relative(examples));
    if (seen) {
      output().line("rejects: " + Text.relative(rejects));
    } else if (!manifest.rejects().isEmpty()) {
      output().line("rejects: their bytes are not at hand");
    }
    return ExitCode.OK;
  }

  private void print(PreparedDataset found, Manifest manifest) throws IOException {
    output().line(Text.relative(found.shards()));
    output().line("");
    List<List<String>> facts = new ArrayList<>(DatasetSummary.facts(manifest));
    LabelConflicts conflicts = found.labelConflicts();
    facts.add(List.of("label conflicts", conflicts.images() == 0 ? "none" : "" + conflicts));
    SkippedFiles skipped = found.skipped();
    if (!skipped.files().isEmpty()) {
      facts.add(List.of("skipped", "" + skipped));
    }
    Text.table(facts).forEach(output()::line);
    output().line("");
    Text.rows(DatasetSummary.histogram(manifest)).forEach(output()::line);
    output().line("");
  }

  /** Where sheets go and what is on them. */
  static final class SheetOptions {
    @Mixin private NewFiles files;

    @Option(
        names = "--output",
        paramLabel = "FOLDER",
        defaultValue = "sheets",
        description = "folder for the pictures (default: ${DEFAULT-VALUE})")
    private Path folder;

    @Option(
        names = "--count",
        paramLabel = "N",
        defaultValue = "60",
        description = "images on a sheet, at most (default: ${DEFAULT-VALUE})")
    private int count;

    @Option(
        names = "--choice",
        paramLabel = "SEED",
        defaultValue = "0",
        description = "another number chooses other images (default: ${DEFAULT-VALUE})")
    private long seed;

    Sheets of(PreparedDataset dataset) {
      if (count < 1) {
        throw new UsageException(
            "Cannot draw a sheet: expected --count of at least 1, got " + count);
      }
      return new Sheets(dataset, count, seed);
    }

    /** A place for a picture in the folder, which is made. */
    Path file(String name) throws IOException {
      files.make("draw a sheet", folder);
      return files.require("draw a sheet", folder.resolve(name));
    }
  }
}
