package simsiam.mlflow.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small JSON file that is replaced whole: a reader sees the old or the new one, also after the
 * machine lost power.
 */
public final class AtomicJson {
  private static final Logger LOG = LoggerFactory.getLogger(AtomicJson.class);
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Damaged files told of, as some are looked at many times a second. */
  private static final Set<Path> TOLD = ConcurrentHashMap.newKeySet();

  private AtomicJson() {}

  /** Replaces the file's content; it is on the device when the call returns. */
  public static void write(Path file, Object value) throws IOException {
    Files.createDirectories(file.getParent());
    Path aside = file.resolveSibling(file.getFileName() + ".tmp");
    Files.write(aside, JSON.writeValueAsBytes(value));
    commit(aside, file);
  }

  /** Gives a complete file its final name, in place of another; on the device when it returns. */
  public static void commit(Path aside, Path file) throws IOException {
    force(aside, StandardOpenOption.WRITE);
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    force(file.toAbsolutePath().getParent(), StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }

  /**
   * Reads the file. Empty if it does not exist, or if it holds something else, which a warning
   * tells: all that is kept in such files can be had again from the journal or the server.
   *
   * @throws IOException if it cannot be read at all
   */
  public static <T> Optional<T> read(Path file, Class<T> type) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.isDirectory(file)) {
      throw new IOException("Cannot use " + file + ": expected a file, got a folder");
    }
    try {
      Optional<T> value = Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), type));
      TOLD.remove(file);
      return value;
    } catch (JsonProcessingException e) {
      if (TOLD.add(file)) {
        LOG.warn("Cannot use {}: expected JSON written by this program, got other content", file);
        LOG.debug("What is wrong with {}", file, e);
      }
      return Optional.empty();
    }
  }
}
