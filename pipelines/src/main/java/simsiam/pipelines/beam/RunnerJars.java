package simsiam.pipelines.beam;

import java.util.HashSet;
import java.util.ServiceLoader;
import java.util.Set;
import org.apache.beam.sdk.runners.PipelineRunnerRegistrar;
import simsiam.pipelines.stage.Runner;

/** Which runners this build has. */
final class RunnerJars {
  private RunnerJars() {}

  /**
   * Checks that a runner is there.
   *
   * @throws IllegalArgumentException if not, with the profile that adds it
   */
  static void require(Runner runner) {
    Set<String> there = new HashSet<>();
    for (PipelineRunnerRegistrar registrar : ServiceLoader.load(PipelineRunnerRegistrar.class)) {
      registrar.getPipelineRunners().forEach(type -> there.add(type.getSimpleName()));
    }
    if (!there.contains(runner.beamName())) {
      String profile = runner.profile().orElseThrow();
      throw new IllegalArgumentException(
          ("Cannot use the %s runner: expected its jars, which come with the Maven profile %s, got"
                  + " a build without them (build again with MAVEN_ARGS=-P%s before the command)")
              .formatted(runner, profile, profile));
    }
  }
}
