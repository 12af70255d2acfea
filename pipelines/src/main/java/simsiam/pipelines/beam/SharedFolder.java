package simsiam.pipelines.beam;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import simsiam.pipelines.remote.Places;

/**
 * A folder that the launching machine and every worker must see as one and the same. The launcher
 * leaves a mark in it; a worker that does not find the mark says so before it does any work.
 *
 * @param folder absolute path
 * @param mark content of the mark
 */
public record SharedFolder(String folder, String mark) implements Serializable {
  private static final String FILE_NAME = ".shared";

  /** Marks a folder, which must exist. */
  public static SharedFolder mark(Path folder) throws IOException {
    SharedFolder shared =
        new SharedFolder(folder.toAbsolutePath().toString(), UUID.randomUUID().toString());
    Files.writeString(shared.file(), shared.mark);
    return shared;
  }

  /**
   * Checks, on a worker, that the folder is the marked one.
   *
   * @throws IllegalStateException if not, with the worker's name
   */
  public void require() {
    try {
      if (Files.exists(file()) && Files.readString(file()).equals(mark)) {
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s on worker %s".formatted(file(), worker()), e);
    }
    String found = Files.isDirectory(Places.path(folder)) ? "another folder" : "none";
    throw new IllegalStateException(
        ("Cannot use the workspace on worker %s: expected the launching machine's folder at the"
                + " same path (storage that all workers share), got %s (%s)")
            .formatted(worker(), found, folder));
  }

  /**
   * The failure to read a file of the data set, which workers must see too.
   *
   * @param found in place of it
   */
  public static IllegalStateException noData(String worker, String found) {
    return new IllegalStateException(
        ("Cannot read the data set on worker %s: expected its files at the same path as on the"
                + " launching machine (storage that all workers share), got %s")
            .formatted(worker, found));
  }

  /** Name of this machine, for messages. */
  public static String worker() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) { // a machine whose name is in no table
      return "without a name";
    }
  }

  private Path file() {
    return Places.path(folder).resolve(FILE_NAME);
  }
}
