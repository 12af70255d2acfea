package simsiam.pipelines.beam;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import simsiam.pipelines.stage.Runner;

/**
 * The one jar that a cluster's workers need: the pipelines and what they use, without engines and
 * without the cluster's own classes. Built with the runner.
 */
final class JobJar {
  /** Folder of the job jars, where the launcher or the build says so. */
  static final Optional<Path> PLACE =
      Optional.ofNullable(System.getProperty("simsiam.jobs")).map(Path::of);

  private JobJar() {}

  /**
   * The jar of a runner.
   *
   * @throws IllegalArgumentException if it is not there
   */
  static Path of(Runner runner, Optional<Path> folder) {
    String name = "simsiam-%s-job.jar".formatted(runner);
    Optional<Path> jar = folder.map(place -> place.resolve(name).toAbsolutePath());
    return jar.filter(Files::isRegularFile)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot submit to a cluster: expected %s, which the build makes with -P%s"
                            .formatted(name, runner)
                        + " (or name other jars with --filesToStage), got none (%s)"
                            .formatted(jar.map(Path::toString).orElse("no folder of job jars"))));
  }
}
