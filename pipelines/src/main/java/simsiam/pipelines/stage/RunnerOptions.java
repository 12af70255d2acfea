package simsiam.pipelines.stage;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.redact.Redaction;

/**
 * How Beam pipelines are executed. Never part of a fingerprint: every runner writes the same bytes.
 *
 * @param arguments further Beam options as the user wrote them: {@code --targetParallelism=2}
 */
public record RunnerOptions(Runner runner, List<String> arguments) {
  public RunnerOptions {
    arguments = List.copyOf(arguments);
  }

  /** Without the secrets among the arguments. */
  @Override
  public String toString() {
    return "RunnerOptions[runner=" + runner + ", arguments=" + Redaction.words(arguments) + "]";
  }

  public static RunnerOptions direct() {
    return new RunnerOptions(Runner.DIRECT, List.of());
  }

  /** All as Beam reads them, the runner first. */
  public List<String> all() {
    List<String> all = new ArrayList<>(List.of("--runner=" + runner.beamName()));
    all.addAll(arguments);
    return all;
  }
}
