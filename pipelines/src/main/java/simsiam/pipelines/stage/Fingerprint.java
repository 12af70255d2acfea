package simsiam.pipelines.stage;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 digests that identify inputs and outputs. */
public final class Fingerprint {
  /** Hexadecimal digits of a fingerprint that name a folder. */
  public static final int SHORT = 16;

  private Fingerprint() {}

  /** The digest of a value's canonical JSON, 64 hexadecimal digits. */
  public static String of(Object value) {
    return hex(sha256().digest(Json.canonical(value).getBytes(StandardCharsets.UTF_8)));
  }

  /** The first digits, enough to tell folders apart. */
  public static String shortened(String fingerprint) {
    return fingerprint.substring(0, SHORT);
  }

  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot digest: every Java has SHA-256", e);
    }
  }

  public static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
