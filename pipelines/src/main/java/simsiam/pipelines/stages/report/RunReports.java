package simsiam.pipelines.stages.report;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.model.file.FileTree;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.report.Comparison;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.store.StageFolder;

/**
 * Reports on finished invocations: the pages of one run's report stage, or several runs side by
 * side.
 */
public final class RunReports {
  private static final Logger LOG = LoggerFactory.getLogger(RunReports.class);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final List<Stage> stages;

  /**
   * Reports on runs of the product.
   *
   * @param stages all there are, in the order in which they run
   */
  public RunReports(List<Stage> stages) {
    this.stages = List.copyOf(stages);
  }

  /**
   * Compares runs.
   *
   * @param invocations their folders, at least two
   * @param output folder to write to, made anew; not there, or an earlier comparison
   * @return the files written
   */
  public List<Path> compare(List<Path> invocations, Path output) throws IOException {
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(output.resolve(Comparison.PAGE))) {
      throw new IllegalStateException(
          "Cannot compare: expected no folder of that name or an earlier comparison, got other files (%s)"
              .formatted(output));
    }
    List<RunReport> runs = new ArrayList<>();
    for (Path invocation : invocations) {
      runs.add(report(invocation));
    }
    replace(
        output, aside -> Comparison.write("Comparison of " + runs.size() + " runs", runs, aside));
    return files(output);
  }

  /** Writes files into an empty folder. */
  interface Writer {
    void write(Path folder) throws IOException;
  }

  /**
   * Makes a folder anew: it is written aside, and takes the place of the old one at the end. Waits
   * for another process that does the same.
   */
  @SuppressWarnings("try") // the lock is held, not used
  static void replace(Path output, Writer writer) throws IOException {
    Path aside = output.resolveSibling(output.getFileName() + ".partial");
    try (ProcessLock lock = lock(output)) {
      FileTree.delete(aside);
      Files.createDirectories(aside);
      writer.write(aside);
      FileTree.delete(output);
      Files.move(aside, output);
    }
  }

  private static ProcessLock lock(Path output) throws IOException {
    Path file = output.resolveSibling("." + output.getFileName() + ".lock");
    try {
      return ProcessLock.acquire(file, LONGEST_WAIT, holder -> LOG.info("Waiting for {}", holder));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot write " + output + ": interrupted");
    }
  }

  /** The files of the run's own report. */
  public List<Path> of(Path invocation) throws IOException {
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

  private RunReport report(Path invocation) throws IOException {
    RunFolders run = RunFolders.of(invocation);
    if (run.finished("pretrain").isEmpty()) {
      throw new IllegalStateException(
          "Cannot compare: expected a run with a finished pretrain stage, got none (%s)"
              .formatted(invocation));
    }
    Path config = invocation.resolve("config.yaml");
    return new RunReport(
        invocation.getFileName().toString(),
        outputs(run),
        Redaction.text(Files.readString(config)), // of an earlier version, it may have secrets
        "./simsiam run " + config);
  }

  private List<RunReport.Output> outputs(RunFolders run) throws IOException {
    List<RunReport.Output> outputs = new ArrayList<>();
    for (Stage stage : stages) {
      Optional<Path> folder = run.finished(stage.name());
      if (folder.isPresent()) {
        StageFolder.report(stage, folder.get())
            .ifPresent(report -> outputs.add(new RunReport.Output(folder.get(), report)));
      }
    }
    return outputs;
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("_"))
          .sorted()
          .toList();
    }
  }
}
