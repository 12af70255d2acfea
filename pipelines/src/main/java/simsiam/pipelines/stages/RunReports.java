package simsiam.pipelines.stages;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import simsiam.model.data.CanonicalJson;
import simsiam.model.data.FileTree;
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
    Path folder = folders(invocation).get("report");
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalStateException(
          "Cannot report: expected the output of stage report, got none (%s); run that configuration to its end first"
              .formatted(invocation));
    }
    return files(folder);
  }

  private static ReportInput input(Path invocation) throws IOException {
    Map<String, Path> folders = folders(invocation);
    if (!folders.containsKey("pretrain") || !Files.isDirectory(folders.get("pretrain"))) {
      throw new IllegalStateException(
          "Cannot compare: expected a run with a finished pretrain stage, got none (%s)"
              .formatted(invocation));
    }
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
        Files.readString(config),
        "./simsiam run " + config);
  }

  /** Output folders by stage, from the invocation's plan. */
  private static Map<String, Path> folders(Path invocation) {
    Map<String, Path> folders = new HashMap<>();
    for (JsonNode row : CanonicalJson.read(invocation.resolve("plan.json"), JsonNode.class)) {
      folders.put(row.get("stage").asText(), Path.of(row.get("output").asText()));
    }
    return folders;
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
