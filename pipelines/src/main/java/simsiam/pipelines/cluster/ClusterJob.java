package simsiam.pipelines.cluster;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.sweep.ChildProgram;

/**
 * What the workers of a sweep know.
 *
 * @param folder on the shared workspace, of this one call of {@code ablate}
 * @param children that a machine has at work at a time; 0: as many as suit it
 */
record ClusterJob(
    SharedFolder folder, Distribution distribution, ChildProgram program, int children)
    implements Serializable {
  /** Where the workers' offers are. */
  Path offers() {
    return Path.of(folder.folder()).resolve("offers");
  }

  /** There when no point is handed out any more. */
  private Path closed() {
    return Path.of(folder.folder()).resolve("closed");
  }

  void close() throws IOException {
    Files.createFile(closed());
  }

  boolean isClosed() {
    return Files.exists(closed());
  }

  private Path lock() {
    return lock(Path.of(folder.folder()));
  }

  private static Path lock(Path folder) {
    return folder.resolve("launcher.lock");
  }

  /** Taken by the launching process as long as it is there. */
  static ProcessLock launch(Path folder) throws IOException {
    return ProcessLock.tryAcquire(lock(folder)).orElseThrow();
  }

  /** Whether the launching process of a job in a folder is there. */
  static boolean isLaunched(Path folder) throws IOException {
    return !Files.exists(lock(folder)) || !ProcessLock.isFree(lock(folder));
  }

  /**
   * Checks, on a worker, that the launching process is there.
   *
   * @throws IllegalStateException if not, or if this machine cannot see its lock
   */
  void requireLauncher() throws IOException {
    if (ProcessLock.isFree(lock())) {
      throw new IllegalStateException(
          ("Cannot run points on worker %s: expected %s to be locked by the process that launched"
                  + " the sweep, got it free. That process has ended, or locks of this file system"
                  + " do not reach from one machine to another: mount it with locks")
              .formatted(SharedFolder.worker(), lock()));
    }
  }
}
