package simsiam.pipelines.cli.console;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one message for a full disk, wherever in the depths of a library it was met. */
public final class DiskFull {
  private static final Logger log = LoggerFactory.getLogger(DiskFull.class);
  private static final double MB = 1e6;

  private DiskFull() {}

  /** The message if a full disk is what the failure comes from. */
  public static Optional<String> message(Throwable failure) {
    return cause(failure).map(detail -> "Cannot write: expected space, got a full disk: " + detail);
  }

  /**
   * The same with the disk of a folder; what is free there says little once a failed stage is
   * cleaned up.
   *
   * @param folder existing or not
   */
  static Optional<String> message(Throwable failure, Path folder) {
    return cause(failure)
        .map(
            detail ->
                "Cannot write: expected space, got a full disk: %s (%s)"
                    .formatted(detail, disk(folder.toAbsolutePath())));
  }

  private static Optional<String> cause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
        return Optional.of(message);
      }
    }
    return Optional.empty();
  }

  private static String disk(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      FileStore store = Files.getFileStore(existing);
      return String.format(
          Locale.ROOT,
          "workspace %s on %s, %,.1f MB in all",
          folder,
          store,
          store.getTotalSpace() / MB);
    } catch (IOException e) {
      log.warn("Cannot ask for the disk of {}", existing, e);
      return "workspace " + folder;
    }
  }
}
