package simsiam.pipelines.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import simsiam.model.file.Sha256;

/** Copies files of a store to this machine. */
public final class Fetch {
  private Fetch() {}

  /**
   * Copies a file.
   *
   * @return SHA-256 of what was written, lower-case hex
   */
  public static String file(Path source, Path target) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(source);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
      in.transferTo(out);
    }
    return Sha256.hex(digest.digest());
  }

  /**
   * Copies a file whose content is known.
   *
   * @throws IOException if what is there has other bytes
   */
  public static void file(Path source, Path target, String sha256) throws IOException {
    String found = file(source, target);
    if (!found.equals(sha256)) {
      Files.delete(target);
      throw new IOException(
          "Cannot use %s: expected SHA-256 %s, got %s".formatted(source, sha256, found));
    }
  }
}
