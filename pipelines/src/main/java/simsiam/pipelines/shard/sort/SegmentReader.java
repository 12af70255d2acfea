package simsiam.pipelines.shard.sort;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import simsiam.pipelines.remote.Places;

/** Reads the records of one segment in order, one in memory at a time. */
final class SegmentReader implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final RunSegment segment;
  private final DataInputStream in;
  private long left;
  private SortedRecord current;

  SegmentReader(RunSegment segment) throws IOException {
    this.segment = segment;
    this.left = segment.length();
    SeekableByteChannel channel = Files.newByteChannel(Places.path(segment.file()));
    this.in =
        new DataInputStream(
            new BufferedInputStream(
                Channels.newInputStream(channel.position(segment.offset())), BUFFER_BYTES));
  }

  /** Moves to the next record; false at the segment's end. */
  boolean advance() throws IOException {
    if (left == 0) {
      return false;
    }
    try {
      current = SortedRecord.read(in);
    } catch (EOFException e) {
      throw new IOException(
          "Cannot read run: expected %s more bytes, got the file's end (%s)"
              .formatted(left, segment.file()),
          e);
    }
    left -= current.size();
    return true;
  }

  SortedRecord current() {
    return current;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
