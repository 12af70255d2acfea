package simsiam.pipelines.stage;

import java.util.ArrayList;
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

  /** All as Beam reads them, the runner first. */
  public List<String> all() {
    List<String> all = new ArrayList<>(List.of("--runner=" + runner));
    all.addAll(arguments);
    return all;
  }
}
