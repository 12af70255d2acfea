package simsiam.pipelines.shard.sort;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A temporary file of sorted examples of the shards of a range. Behind the examples is their index:
 * where each of the shards begins and, last, where the last one ends.
 *
 * @param file name in the folder of temporary files, which no other attempt uses
 * @param bytes of the examples
 */
public record SortedRun(String file, long bytes) implements Serializable {
  /**
   * Writes the index behind the examples.
   *
   * @param ends of the examples of each shard
   */
  static void writeIndex(FileChannel file, long bytes, long[] ends) throws IOException {
    ByteBuffer index = ByteBuffer.allocate(Math.multiplyExact(Long.BYTES, ends.length + 1));
    index.putLong(0);
    for (long end : ends) {
      index.putLong(end);
    }
    write(file, index.flip(), bytes);
  }

  /** Writes all of a buffer. */
  static void write(FileChannel file, ByteBuffer content, long offset) throws IOException {
    long at = offset;
    while (content.hasRemaining()) {
      at += file.write(content, at);
    }
  }

  /** The index, read from its start to its end. */
  static final class Index implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 13;

    private final SortedRun run;
    private final DataInputStream in;
    private int next;

    Index(Path folder, SortedRun run) throws IOException {
      this.run = run;
      SeekableByteChannel channel = Files.newByteChannel(folder.resolve(run.file()));
      this.in =
          new DataInputStream(
              new BufferedInputStream(
                  Channels.newInputStream(channel.position(run.bytes())), BUFFER_BYTES));
    }

    /**
     * Where a shard begins.
     *
     * @param place of the shard in the run's range, after that of the last call; the range's size
     *     for where the last one ends
     */
    long start(int place) throws IOException {
      try {
        in.skipNBytes((long) Long.BYTES * (place - next));
        next = place + 1;
        return in.readLong();
      } catch (EOFException e) {
        throw new IOException(
            "Cannot read run: expected the place of shard %s, got the file's end (%s)"
                .formatted(place, run.file()),
            e);
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
