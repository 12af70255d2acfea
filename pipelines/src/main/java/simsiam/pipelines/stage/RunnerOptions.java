package simsiam.pipelines.stage;

import java.util.List;

/**
 * How Beam pipelines are executed. Never part of a fingerprint: every runner writes the same bytes.
 *
 * @param runner simple name of a Beam runner: {@code DirectRunner}
 * @param arguments further Beam options as the user wrote them: {@code --targetParallelism=2}
 */
public record RunnerOptions(String runner, List<String> arguments) {
  public RunnerOptions {
    arguments = List.copyOf(arguments);
  }

  public static RunnerOptions direct() {
    return new RunnerOptions("DirectRunner", List.of());
  }
}
