package simsiam.pipelines.beam;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import simsiam.pipelines.remote.StoreOptions;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Beam options from command-line arguments, with this product's defaults. */
public final class BeamOptions {
  private BeamOptions() {}

  /**
   * Options of the Direct runner. Unless the arguments say otherwise, it has a thread for each core
   * and one more, as one waits for the disk now and then, and leaves out the checks that the tests
   * make (they cost five times the work on images).
   *
   * @param arguments Beam options such as {@code --targetParallelism=2}
   * @throws IllegalArgumentException for an unknown option; the message has the nearest
   */
  public static PipelineOptions parse(List<String> arguments) {
    return parse(new RunnerOptions(Runner.DIRECT, arguments));
  }

  /**
   * Options for a run.
   *
   * @param defaults by their names, for those that the user left out
   * @throws IllegalArgumentException as the other
   */
  public static PipelineOptions parse(RunnerOptions options, Map<String, String> defaults) {
    Arguments given = new Arguments(options.arguments());
    List<String> arguments = new ArrayList<>(options.arguments());
    defaults.forEach(
        (name, value) -> {
          if (given.lack(name)) {
            arguments.add("--" + name + "=" + value);
          }
        });
    return parse(new RunnerOptions(options.runner(), arguments));
  }

  /**
   * Options for a run, with those that the user left out as they suit the runner.
   *
   * @throws IllegalArgumentException if the runner's jars are not in this build, an option that it
   *     needs is missing, or one is unknown; the message says what to do
   */
  public static PipelineOptions parse(RunnerOptions options) {
    RunnerJars.require(options.runner());
    List<String> arguments = new ArrayList<>(options.all());
    arguments.addAll(RunnerDefaults.of(options, JobJar.PLACE));
    Arguments given = new Arguments(options.arguments());
    arguments.addAll(StoreOptions.of(System.getenv(), name -> !given.lack(name)));
    PipelineOptions parsed =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).withValidation().create();
    if (options.runner() == Runner.DIRECT) {
      withoutChecks(parsed.as(DirectOptions.class), given);
    }
    return parsed;
  }

  private static void withoutChecks(DirectOptions direct, Arguments given) {
    if (given.lack("enforceImmutability")) {
      direct.setEnforceImmutability(false);
    }
    if (given.lack("enforceEncodability")) {
      direct.setEnforceEncodability(false);
    }
    if (given.lack("targetParallelism")) {
      direct.setTargetParallelism(Runtime.getRuntime().availableProcessors() + 1);
    }
  }
}
