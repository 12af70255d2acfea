package simsiam.pipelines.sweep;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import simsiam.mlflow.lock.ProcessLock;

/**
 * Keeps two children from working on one point at a time. What has started a child may be killed,
 * together with its machine or alone: the child takes a while to save what it has and end, and the
 * one that takes the point up waits for it.
 */
public final class PointLock {
  /** The system property of a child that names the lock's file. */
  static final String PROPERTY = "simsiam.point";

  private PointLock() {}

  /**
   * Takes the lock of the point that this process is to work on, if it is a child.
   *
   * @param onWait told in words who is waited for
   */
  public static Closeable ofThisProcess(Consumer<String> onWait)
      throws IOException, InterruptedException {
    String file = System.getProperty(PROPERTY, "");
    return file.isEmpty() ? () -> {} : ProcessLock.acquire(Path.of(file), onWait);
  }
}
