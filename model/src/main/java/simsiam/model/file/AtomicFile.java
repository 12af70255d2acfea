package simsiam.model.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import simsiam.model.config.Reason;

/** Files that are there whole or not at all: written aside, forced to disk, then renamed. */
public final class AtomicFile {
  private AtomicFile() {}

  /** A name beside the target that no other attempt uses. */
  public static Path temporary(Path target) {
    return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  /** Renames a complete temporary file to its target and makes the rename durable. */
  public static void commit(Path temporary, Path target) throws IOException {
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel folder =
        FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /** What a file is to hold. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Replaces a file's content; it is on the device when the call returns. */
  public static void write(Path target, byte[] content) {
    write(target, out -> out.write(content));
  }

  /** The same for a content that need not be in memory. */
  public static void write(Path target, Content content) {
    write(temporary(target), target, content);
  }

  /**
   * The same by way of a name that no one else uses at the time; what a killed process has left
   * there is written over.
   */
  public static void write(Path temporary, Path target, byte[] content) {
    write(temporary, target, out -> out.write(content));
  }

  private static void write(Path temporary, Path target, Content content) {
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      commit(temporary, target);
    } catch (IOException e) {
      deleteLeftover(temporary, e);
      throw new UncheckedIOException("Cannot write %s: %s".formatted(target, Reason.of(e)), e);
    }
  }

  /** Deletes a temporary file that will not be committed. */
  public static void discard(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete %s: %s".formatted(temporary, Reason.of(e)), e);
    }
  }

  /** Deletes the temporary files of attempts that were killed; nobody may be writing there. */
  public static void sweep(Path folder) {
    try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, ".*.tmp")) {
      for (Path leftover : leftovers) {
        Files.deleteIfExists(leftover);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tidy %s: %s".formatted(folder, Reason.of(e)), e);
    }
  }

  /** Deletes what a failed write left; a failure to do so is added to the cause. */
  private static void deleteLeftover(Path temporary, Exception cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
