package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import simsiam.model.data.FileTree;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.report.Comparison;
import simsiam.pipelines.report.ReportInput;

/**
 * Reports on finished invocations: the pages of one run's report stage, or several runs side by
 * side.
 */
public final class RunReports {
  private RunReports() {}

  /**
   * Compares runs.
   *
   * @param invocations their folders, at least two
   * @param output folder to write to, made anew
   * @return the files written
   */
  public static List<Path> compare(List<Path> invocations, Path output) throws IOException {
    List<ReportInput> runs = new ArrayList<>();
    for (Path invocation : invocations) {
      runs.add(input(invocation));
    }
    FileTree.delete(output);
    Files.createDirectories(output);
    Comparison.write("Comparison of " + runs.size() + " runs", runs, output);
    return files(output);
  }

  /** The files of the run's own report. */
  public static List<Path> of(Path invocation) throws IOException {
    Path folder =
        RunFolders.of(invocation)
            .finished("report")
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Cannot report: expected the output of stage report, got none (%s); run that configuration to its end first"
                            .formatted(invocation)));
    return files(folder);
  }

  private static ReportInput input(Path invocation) throws IOException {
    RunFolders run = RunFolders.of(invocation);
    if (run.finished("pretrain").isEmpty()) {
      throw new IllegalStateException(
          "Cannot compare: expected a run with a finished pretrain stage, got none (%s)"
              .formatted(invocation));
    }
    Map<String, Path> folders = run.byStage();
    RunOutputs outputs =
        new RunOutputs(
            folders.get("shard"),
            folders.get("pretrain"),
            Optional.ofNullable(folders.get("knn")),
            Optional.ofNullable(folders.get("linear")));
    Path config = invocation.resolve("config.yaml");
    return new ReportInput(
        invocation.getFileName().toString(),
        outputs.facts(),
        outputs.manifest().classNames(),
        outputs.training(),
        outputs.evaluations(),
        Optional.empty(),
        List.of(),
        List.of(),
        Redaction.text(Files.readString(config)), // of an earlier version, it may have secrets
        "./simsiam run " + config);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("_"))
          .sorted()
          .toList();
    }
  }
}
