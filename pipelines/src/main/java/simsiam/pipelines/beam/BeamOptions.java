package simsiam.pipelines.beam;

import java.util.List;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** Beam options from command-line arguments, with this product's defaults. */
public final class BeamOptions {
  private BeamOptions() {}

  /**
   * Options for a run. Unless the arguments say otherwise, the Direct runner uses all cores and
   * leaves out the checks that the tests make (they cost five times the work on images).
   *
   * @param arguments Beam options such as {@code --runner=FlinkRunner}
   * @throws IllegalArgumentException for an unknown option or runner; the message has the nearest
   */
  public static PipelineOptions parse(List<String> arguments) {
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).withValidation().create();
    if (options.getRunner() == DirectRunner.class) {
      DirectOptions direct = options.as(DirectOptions.class);
      if (absent(arguments, "enforceImmutability")) {
        direct.setEnforceImmutability(false);
      }
      if (absent(arguments, "enforceEncodability")) {
        direct.setEnforceEncodability(false);
      }
      if (absent(arguments, "targetParallelism")) {
        direct.setTargetParallelism(Runtime.getRuntime().availableProcessors());
      }
    }
    return options;
  }

  private static boolean absent(List<String> arguments, String name) {
    return arguments.stream()
        .noneMatch(
            argument -> argument.equals("--" + name) || argument.startsWith("--" + name + "="));
  }
}
