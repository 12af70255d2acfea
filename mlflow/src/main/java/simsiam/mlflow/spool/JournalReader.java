package simsiam.mlflow.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads a journal piece by piece, also while another process appends to it. */
public final class JournalReader {
  /** About as much as goes into one request, since lines read beyond that are read again. */
  private static final int CHUNK = 64 << 10;

  private static final int PEEK = 4 << 10;

  /** Far beyond any entry: what is longer is damage, and must not fill the memory. */
  private static final int LONGEST = 64 << 20;

  private JournalReader() {}

  /**
   * The next complete lines from an offset: some, but at most about 64 KB of them (at least one
   * line, however long). A last line without its line end is left for later, since it is either
   * being written or torn. Empty at the end of the journal or if there is none.
   *
   * @throws IOException if it cannot be read, or has a line that is too long to be one
   */
  public static List<Located> read(Path journal, long offset) throws IOException {
    if (!Files.exists(journal)) {
      return List.of();
    }
    try (FileChannel channel = open(journal)) {
      for (int size = CHUNK; size <= LONGEST; size *= 2) {
        byte[] chunk = chunk(channel, offset, size);
        List<Located> lines = split(chunk, offset);
        if (!lines.isEmpty() || chunk.length < size) {
          return lines;
        }
      }
    }
    throw new IOException(
        "Cannot read %s: expected a line of at most %s bytes at %s, got a longer one"
            .formatted(journal, LONGEST, offset));
  }

  private static FileChannel open(Path journal) throws IOException {
    if (Files.isDirectory(journal)) {
      throw new IOException("Cannot read " + journal + ": expected a file, got a folder");
    }
    return FileChannel.open(journal, StandardOpenOption.READ);
  }

  /** Whether a line ends just before an offset, or the offset is 0. */
  static boolean isEndOfLine(Path journal, long offset) throws IOException {
    if (offset <= 0 || !Files.exists(journal)) {
      return offset == 0;
    }
    try (FileChannel channel = open(journal)) {
      byte[] before = chunk(channel, offset - 1, 1);
      return before.length == 1 && before[0] == '\n';
    }
  }

  /** Whether there is a complete line behind an offset. */
  static boolean hasLine(Path journal, long offset) throws IOException {
    if (!Files.exists(journal)) {
      return false;
    }
    try (FileChannel channel = open(journal)) {
      long at = offset;
      byte[] chunk = chunk(channel, at, PEEK);
      while (chunk.length > 0) {
        for (byte b : chunk) {
          if (b == '\n') {
            return true;
          }
        }
        at += chunk.length;
        chunk = chunk(channel, at, PEEK);
      }
      return false;
    }
  }

  private static byte[] chunk(FileChannel channel, long offset, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = channel.read(buffer, offset + buffer.position());
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static List<Located> split(byte[] chunk, long offset) {
    List<Located> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < chunk.length; i++) {
      if (chunk[i] == '\n') {
        lines.add(new Located(Arrays.copyOfRange(chunk, start, i), offset + i + 1));
        start = i + 1;
      }
    }
    return lines;
  }
}
