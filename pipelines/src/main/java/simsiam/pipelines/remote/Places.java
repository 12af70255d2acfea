package simsiam.pipelines.remote;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Places as the user names them: paths, or {@code scheme://} and what follows. */
public final class Places {
  private static final Pattern REMOTE = Pattern.compile("([a-z][a-z0-9+.-]+://[^/]*)(/.*)?");
  private static final String FILE = "file://";
  private static final Optional<String> NO_FILE_URI = Optional.of("file:///FOLDER, or a path");
  private static final Optional<String> TOO_LONG =
      Optional.of("names of at most 255 bytes, 4095 together");

  private Places() {}

  /** Whether a place is not on a file system of this machine. */
  public static boolean remote(String place) {
    return !place.startsWith(FILE) && REMOTE.matcher(place).matches();
  }

  /** Whether a path is not on a file system of this machine. */
  public static boolean remote(Path path) {
    return path instanceof RemotePath;
  }

  /**
   * Why a place cannot be one here, in words that complete "expected ..."; empty if it can. Whether
   * it exists is another question.
   */
  public static Optional<String> problem(String place) {
    try {
      if (place.startsWith(FILE)) {
        return Path.of(URI.create(place)).isAbsolute() ? Optional.empty() : NO_FILE_URI;
      }
      Matcher parts = REMOTE.matcher(place);
      if (!parts.matches()) {
        return tooLong(Path.of(place)) ? TOO_LONG : Optional.empty();
      }
      if (!StoreOptions.isStore(place.substring(0, place.indexOf(':')))) {
        return Optional.of("a path, or a place in a store, " + StoreOptions.SCHEMES);
      }
      if (parts.group(1).endsWith("://")) {
        return Optional.of("a bucket or host after ://");
      }
      return tooLong(Path.of("/" + parts.group(2))) ? TOO_LONG : Optional.empty();
    } catch (InvalidPathException e) {
      boolean encoding = place.indexOf('\0') < 0;
      return Optional.of(
          encoding
              ? "a name of characters that the locale's encoding has (with LC_ALL=C.UTF-8 all of them)"
              : "a name without the character U+0000");
    } catch (IllegalArgumentException e) {
      return NO_FILE_URI;
    }
  }

  /** As Linux has it for a name and for all of them together. */
  private static boolean tooLong(Path path) {
    boolean name = false;
    for (Path part : path) {
      name |= part.toString().getBytes(StandardCharsets.UTF_8).length > 255;
    }
    return name || path.toString().getBytes(StandardCharsets.UTF_8).length > 4095;
  }

  /**
   * The path of a place; nothing is opened yet. Its text is the place again.
   *
   * @throws IllegalArgumentException if the place names no bucket or host
   */
  public static Path path(String place) {
    Matcher parts = REMOTE.matcher(place);
    if (place.startsWith(FILE)) {
      return Path.of(URI.create(place));
    }
    if (!parts.matches()) {
      return Path.of(place);
    }
    if (parts.group(1).endsWith("://")) {
      throw new IllegalArgumentException(
          "Cannot use %s: expected a bucket or host after ://, got none".formatted(place));
    }
    String key = parts.group(2) == null ? "/" : parts.group(2);
    return new RemotePath(RemoteFileSystem.of(parts.group(1)), Path.of(key));
  }

  /** Has what is in the store of a path listed anew when it is asked for next. */
  public static void refresh(Path path) {
    if (path instanceof RemotePath remote) {
      remote.getFileSystem().listings().forget();
    }
  }
}
