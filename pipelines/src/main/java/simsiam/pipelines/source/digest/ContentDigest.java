package simsiam.pipelines.source.digest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import simsiam.model.file.Sha256;

/**
 * Digest of a file of a source for what is made of it: SHA-256 of its bytes, and of the revision of
 * its decoder where that has changed, so that what an earlier one made is not taken for the same.
 * One format has more than one revision: WebP was once decoded with other pixels than libwebp's.
 */
public final class ContentDigest {
  public static final String WEBP_REVISION = "WebP 2";

  private static final byte[] RIFF = "RIFF".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] WEBP = "WEBP".getBytes(StandardCharsets.US_ASCII);
  private static final int FORM = 8;
  private static final int START = FORM + 4;

  private ContentDigest() {}

  /** 64 hexadecimal digits. */
  public static String of(byte[] content) {
    MessageDigest digest = Sha256.digest();
    digest.update(content);
    return finished(digest, content);
  }

  /** 64 hexadecimal digits. */
  static String of(Path file) throws IOException {
    MessageDigest digest = Sha256.digest();
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(START);
      digest.update(start);
      byte[] buffer = new byte[1 << 14];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return finished(digest, start);
    }
  }

  private static String finished(MessageDigest digest, byte[] start) {
    if (isWebp(start)) {
      digest.update(WEBP_REVISION.getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.hex(digest.digest());
  }

  /** Whether an image file of a table, which is not hashed by itself, is decoded anew. */
  public static boolean isWebp(byte[] content) {
    return content.length >= START
        && Arrays.equals(content, 0, RIFF.length, RIFF, 0, RIFF.length)
        && Arrays.equals(content, FORM, START, WEBP, 0, WEBP.length);
  }
}
