package simsiam.pipelines.cli.sweep;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.RunnerName;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.cluster.ClusterChildren;
import simsiam.pipelines.cluster.Distribution;
import simsiam.pipelines.cluster.MasterAddress;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** The options that say which machines run the points of a sweep. */
final class SweepMachines {
  @Option(
      names = "--runner",
      paramLabel = "RUNNER",
      defaultValue = "direct",
      converter = RunnerName.class,
      description = {
        "direct: points run on this machine; flink, spark: on those of a cluster, which share",
        "workspace and images (default: ${DEFAULT-VALUE})"
      })
  private Runner runner;

  @Option(
      names = "--distribution",
      paramLabel = "FOLDER",
      description =
          "where the machines of a cluster find this program: a copy of dist/current, or the same"
              + " folder on storage that they share (default: the one that runs here)")
  private Path distribution;

  /** Whether points run on other machines than this one. */
  boolean areOthers() {
    return runner != Runner.DIRECT;
  }

  /**
   * What is to run them on a cluster, if one is to.
   *
   * @param jobs points at work at a time on each machine, or {@code auto}
   * @throws UsageException if it cannot be, as far as this machine can tell
   */
  Optional<ClusterChildren.Settings> cluster(Call call, String jobs) {
    if (!areOthers()) {
      if (distribution != null) {
        throw new UsageException(
            "Cannot use --distribution: expected --runner flink or spark with it, got none");
      }
      return Optional.empty();
    }
    if (runner == Runner.DATAFLOW) {
      throw new UsageException(
          "Cannot run points by dataflow, whose machines see no workspace: expected direct, flink"
              + " or spark");
    }
    RunnerOptions options = new RunnerOptions(runner, call.beamArguments());
    try {
      Distribution program =
          distribution == null
              ? Distribution.ofThisProcess()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "Cannot run points on a cluster: expected --distribution, as this"
                                  + " program does not run from one, got none"))
              : Distribution.at(distribution);
      program.requireOwn();
      call.services().require(options);
      MasterAddress.of(options).ifPresent(MasterAddress::require);
      int children = jobs.equals("auto") ? 0 : Integer.parseInt(jobs);
      return Optional.of(new ClusterChildren.Settings(options, program, children));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  /** How the points are run, for the user. */
  String inWords(int children) {
    if (areOthers()) {
      return " on the machines of a " + runner + " cluster";
    }
    return children > 1 ? ", " + children + " at a time" : "";
  }
}
