package simsiam.pipelines.beam;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** The options that the user left out, as they suit image pipelines on each runner. */
final class RunnerDefaults {
  private static final String STAGED = "filesToStage";

  private final Arguments given;
  private final List<String> added = new ArrayList<>();

  private RunnerDefaults(Arguments given) {
    this.given = given;
  }

  /**
   * What is to be added to the user's options.
   *
   * @param jobJars folder of the jars for clusters
   * @throws IllegalArgumentException if options that cannot be guessed are missing, or the jar is
   */
  static List<String> of(RunnerOptions options, Optional<Path> jobJars) {
    RunnerDefaults defaults = new RunnerDefaults(new Arguments(options.arguments()));
    switch (options.runner()) {
      case DIRECT -> {}
      case FLINK -> defaults.flink(jobJars);
      case SPARK -> defaults.spark(jobJars);
      case DATAFLOW -> defaults.dataflow();
    }
    return defaults.added;
  }

  private void flink(Optional<Path> jobJars) {
    String master = orElse("flinkMaster", "[local]");
    // No step of these pipelines changes what it is handed.
    orElse("fasterCopy", "true");
    if (!master.startsWith("[")) {
      detach();
      stage(Runner.FLINK, jobJars);
    }
  }

  /** A job in attached mode cannot be cancelled: the runner hands it out when it has ended. */
  private void detach() {
    if (!orElse("attachedMode", "false").equals("false")) {
      throw new IllegalArgumentException(
          "Cannot use a Flink cluster: expected no --attachedMode, with which an interrupted run"
              + " could not cancel its job, got it");
    }
  }

  private void spark(Optional<Path> jobJars) {
    String master = orElse("sparkMaster", "local[*]");
    if (!master.startsWith("local")) {
      stage(Runner.SPARK, jobJars);
    }
  }

  private void dataflow() {
    List<String> missing = new ArrayList<>();
    for (String name : List.of("project", "region", "gcpTempLocation")) {
      if (given.value(name).filter(value -> !value.isBlank()).isEmpty()) {
        missing.add("--" + name);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot use the dataflow runner: expected --project, --region and --gcpTempLocation"
              + " after --, got none for %s".formatted(String.join(", ", missing)));
    }
  }

  private void stage(Runner runner, Optional<Path> jobJars) {
    if (given.lack(STAGED)) {
      added.add("--" + STAGED + "=" + JobJar.of(runner, jobJars));
    }
  }

  /** The given value, or this one, which is added. */
  private String orElse(String name, String value) {
    return given
        .value(name)
        .orElseGet(
            () -> {
              added.add("--" + name + "=" + value);
              return value;
            });
  }
}
