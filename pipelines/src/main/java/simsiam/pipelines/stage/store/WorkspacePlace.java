package simsiam.pipelines.stage.store;

import java.nio.file.Path;
import java.util.Optional;
import simsiam.pipelines.remote.Places;

/**
 * Where a workspace is. One that is named as a place in a store ({@code s3://bucket/runs}) has two
 * halves: in the store is the output of the data stages, which workers write and other machines
 * find; all else, which needs a file system with locks, renaming and appending, is in a folder of
 * this machine, with copies of what it reads from the store.
 *
 * @param folder the half on this machine, {@code runs/s3/bucket/runs} in the example; the whole
 *     workspace where it is not in a store
 * @param store the other half
 */
public record WorkspacePlace(Path folder, Optional<Path> store) {
  private static final Path LOCAL_HALVES = Path.of("runs");

  /** The place that a configuration or an option names. */
  public static WorkspacePlace of(String workspace) {
    if (!Places.remote(workspace)) {
      return new WorkspacePlace(Places.path(workspace), Optional.empty());
    }
    Path folder = LOCAL_HALVES.resolve(workspace.replaceFirst("://", "/")).normalize();
    if (!folder.startsWith(LOCAL_HALVES)) {
      throw new IllegalArgumentException(
          "Cannot use workspace %s: expected a place without ..".formatted(workspace));
    }
    return new WorkspacePlace(folder, Optional.of(Places.path(workspace)));
  }
}
