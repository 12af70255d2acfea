package simsiam.pipelines.remote;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Places as the user names them: paths, or {@code scheme://} and what follows. */
public final class Places {
  private static final Pattern REMOTE = Pattern.compile("([a-z][a-z0-9+.-]+://[^/]*)(/.*)?");
  private static final String FILE = "file://";

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
