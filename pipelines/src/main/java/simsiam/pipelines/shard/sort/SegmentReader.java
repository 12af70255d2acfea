package simsiam.pipelines.shard.sort;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the records of one segment in order, one in memory at a time. */
final class SegmentReader implements SortedMerge.Rows<SortedRecord> {
  private static final int BUFFER_BYTES = 1 << 16;

  private final RunSegment segment;
  private final DataInputStream in;
  private long left;
  private SortedRecord current;

  SegmentReader(Path folder, RunSegment segment) throws IOException {
    this.segment = segment;
    this.left = segment.length();
    SeekableByteChannel channel = Files.newByteChannel(folder.resolve(segment.file()));
    this.in =
        new DataInputStream(
            new BufferedInputStream(
                Channels.newInputStream(channel.position(segment.offset())), BUFFER_BYTES));
  }

  /** Segments to merge. */
  static List<SortedMerge.Input<SortedRecord>> inputs(Path folder, List<RunSegment> segments) {
    return segments.stream()
        .<SortedMerge.Input<SortedRecord>>map(segment -> () -> new SegmentReader(folder, segment))
        .toList();
  }

  @Override
  public boolean advance() throws IOException {
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

  @Override
  public SortedRecord current() {
    return current;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
