package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import simsiam.model.config.Reason;

/** Writes what comes out of a packed file, and keeps the faults of either side apart. */
public final class Unpacking {
  private static final int BUFFER_BYTES = 1 << 16;

  private Unpacking() {}

  /**
   * Copies to a file.
   *
   * @throws IOException if the packed file is damaged
   * @throws UncheckedIOException if the target cannot be written, such as on a full disk
   */
  public static void copy(InputStream in, Path target) throws IOException {
    try (OutputStream out = open(target)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        write(out, buffer, n, target);
      }
    }
  }

  private static OutputStream open(Path target) {
    try {
      return Files.newOutputStream(target);
    } catch (IOException e) {
      throw problem(target, e);
    }
  }

  private static void write(OutputStream out, byte[] buffer, int n, Path target) {
    try {
      out.write(buffer, 0, n);
    } catch (IOException e) {
      throw problem(target, e);
    }
  }

  private static UncheckedIOException problem(Path target, IOException e) {
    return new UncheckedIOException("Cannot write %s: %s".formatted(target, Reason.of(e)), e);
  }
}
