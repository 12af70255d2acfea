package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigYaml;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Versions;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;

/**
 * Where a sweep keeps what concerns one point: {@code config.yaml}, with which it can be run alone,
 * {@code log.txt} of all attempts, {@code progress.jsonl} of the last one, {@code place.json} with
 * what its run is in MLflow, and {@code failure.json} if it failed.
 */
public final class PointFolder {
  private final Path folder;

  PointFolder(Workspace workspace, Sweep sweep, Point point) {
    this.folder = of(workspace, sweep).resolve("points").resolve(point.id());
  }

  /** The folder of a sweep in a workspace. */
  public static Path of(Workspace workspace, Sweep sweep) {
    return workspace.root().resolve("sweeps").resolve(sweep.name());
  }

  /**
   * How an attempt failed.
   *
   * @param inputs {@link Versions#digest} of {@code config.yaml}
   * @param exit code of the child; above 128 it was ended by a signal
   * @param cause the first complaint of the child
   * @param ended ISO-8601
   */
  public record Failure(String inputs, int exit, String cause, String ended) {
    /** Whether another attempt would end alike, as far as can be known. */
    public boolean lasting() {
      return exit == 2 || exit == 3;
    }
  }

  public Path config() {
    return folder.resolve("config.yaml");
  }

  public Path log() {
    return folder.resolve("log.txt");
  }

  Path progress() {
    return folder.resolve("progress.jsonl");
  }

  /** Where the place of its run among those of the sweep is noted for the child. */
  public Path place() {
    return folder.resolve("place.json");
  }

  /** Held by the child that works on the point; see {@link PointLock}. */
  public Path lock() {
    return folder.resolve("child.lock");
  }

  private Path failure() {
    return folder.resolve("failure.json");
  }

  /** Makes the folder ready for an attempt. */
  void begin(Workspace workspace, Sweep sweep, Point point) throws IOException {
    Files.createDirectories(folder);
    Path aside = config().resolveSibling("config.yaml.tmp." + ProcessHandle.current().pid());
    Files.writeString(aside, yaml(workspace, sweep, point));
    Files.move(aside, config(), StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(progress());
    Files.deleteIfExists(failure());
  }

  private static String yaml(Workspace workspace, Sweep sweep, Point point) {
    return "# Point %s of sweep %s: %s\n# Every value in effect; on %s.\n"
            .formatted(point.id(), sweep.name(), point.text(), point.config().file())
        + ConfigYaml.of(config(workspace, sweep, point));
  }

  /** The configuration with which a point is run. */
  public static RunConfig config(Workspace workspace, Sweep sweep, Point point) {
    RunConfig config = point.config().config();
    String given = config.workspace();
    String place = Places.remote(given) ? given : workspace.root().toString();
    return config.named(sweep.name() + "-" + point.id(), place);
  }

  /** What an attempt depends on that leaves no other trace. */
  private static String inputs(Workspace workspace, Sweep sweep, Point point) {
    return Versions.digest(yaml(workspace, sweep, point));
  }

  /** Notes how an attempt failed. */
  Failure failed(Workspace workspace, Sweep sweep, Point point, int exit, String cause)
      throws IOException {
    Failure failure =
        new Failure(inputs(workspace, sweep, point), exit, cause, Instant.now().toString());
    Json.write(failure(), failure);
    return failure;
  }

  /** How the last attempt failed, if it was one with the same inputs. */
  Optional<Failure> failure(Workspace workspace, Sweep sweep, Point point) throws IOException {
    if (!Files.exists(failure())) {
      return Optional.empty();
    }
    Failure last = Json.read(failure(), Failure.class);
    return Optional.of(last).filter(f -> f.inputs().equals(inputs(workspace, sweep, point)));
  }
}
