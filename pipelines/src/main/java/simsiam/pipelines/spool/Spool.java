package simsiam.pipelines.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Small records one after the other: in memory while they are few, then in a temporary file that is
 * mapped into memory, which the system takes back as it needs to. The file has no name, so that it
 * is gone with this process, or with this object when it is collected, whatever happens.
 *
 * <p>Records lie in blocks of {@value #BLOCK} bytes, each after its length; one that does not fit
 * into the rest of its block begins the next.
 */
final class Spool {
  static final int BLOCK = 4 << 20;

  private static final int FIRST_BYTES = 1 << 12;
  private static final int NO_MORE = -1;

  /** Full ones, all of them mapped, and the one in work. */
  private final List<ByteBuffer> blocks = new ArrayList<>();

  private byte[] current = new byte[FIRST_BYTES];
  private int used;
  private FileChannel file;

  Spool() {
    blocks.add(ByteBuffer.wrap(current));
  }

  /** Where the next record will be, or just before. */
  synchronized long end() {
    return place(blocks.size() - 1, used);
  }

  private static long place(int block, int offset) {
    return (long) block << 32 | offset;
  }

  /** Adds a record. */
  synchronized void append(byte[] record, int length) {
    int bytes = Integer.BYTES + length;
    if (bytes + Integer.BYTES > BLOCK) {
      throw new IllegalArgumentException(
          "Cannot keep a record: expected at most %s bytes, got %s".formatted(BLOCK, bytes));
    }
    if (used + bytes + Integer.BYTES > BLOCK) {
      endBlock();
    }
    if (used + bytes + Integer.BYTES > current.length) {
      current =
          Arrays.copyOf(current, Math.min(BLOCK, Math.max(2 * current.length, 2 * (used + bytes))));
      blocks.set(blocks.size() - 1, ByteBuffer.wrap(current));
    }
    ByteBuffer.wrap(current, used, bytes).putInt(length).put(record, 0, length);
    used += bytes;
  }

  /** Moves the block in work to the file, and begins the next. */
  private void endBlock() {
    ByteBuffer.wrap(current).putInt(used, NO_MORE);
    moveBlock(used + Integer.BYTES);
    current = new byte[BLOCK];
    blocks.add(ByteBuffer.wrap(current));
    used = 0;
  }

  private void moveBlock(int bytes) {
    long start = (long) (blocks.size() - 1) * BLOCK;
    try {
      if (file == null) {
        Path path = Files.createTempFile("simsiam", ".spool");
        file =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE); // on Unix it goes at once
      }
      ByteBuffer whole = ByteBuffer.wrap(current, 0, bytes);
      while (whole.hasRemaining()) {
        file.write(whole, start + whole.position());
      }
      blocks.set(blocks.size() - 1, file.map(FileChannel.MapMode.READ_ONLY, start, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot write a temporary file to %s: %s (-Djava.io.tmpdir names another folder)"
              .formatted(System.getProperty("java.io.tmpdir"), e.getMessage()),
          e);
    }
  }

  /**
   * Nothing more is added: what is mapped stays readable without an open file, and where there is a
   * file no block is in memory any more.
   */
  synchronized void seal() {
    if (file == null || !file.isOpen()) {
      return;
    }
    if (used > 0) {
      moveBlock(used);
    }
    current = new byte[0];
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a temporary file: " + e.getMessage(), e);
    }
  }

  private synchronized ByteBuffer block(int index) {
    return blocks.get(index);
  }

  /** Reads records from a place on. */
  Reader reader(long place) {
    return new Reader(place);
  }

  /** A place that moves on; it must not be moved behind the last record. */
  final class Reader {
    private int block;
    private int offset;

    private Reader(long place) {
      this.block = (int) (place >>> 32);
      this.offset = (int) place;
    }

    /** Where the next record is, or just before. */
    long place() {
      return Spool.place(block, offset);
    }

    private ByteBuffer atRecord() {
      ByteBuffer bytes = block(block);
      if (bytes.getInt(offset) == NO_MORE) {
        block++;
        offset = 0;
        bytes = block(block);
      }
      return bytes;
    }

    /** The next record. */
    ByteBuffer next() {
      ByteBuffer bytes = atRecord();
      int length = bytes.getInt(offset);
      ByteBuffer record = bytes.slice(offset + Integer.BYTES, length);
      offset += Integer.BYTES + length;
      return record;
    }

    void skip() {
      ByteBuffer bytes = atRecord();
      offset += Integer.BYTES + bytes.getInt(offset);
    }
  }
}
