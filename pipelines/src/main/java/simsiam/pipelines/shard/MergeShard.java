package simsiam.pipelines.shard;

import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.PageCodec;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.WriteSettings;
import simsiam.model.data.WrittenFile;

/**
 * Brings the segments of one shard together, in order, and writes the shard. Holds one shard in
 * memory.
 *
 * @param output folder of the shards
 */
record MergeShard(
    String output,
    ImageEncoding encoding,
    List<String> classNames,
    String salt,
    String fingerprint,
    long rowGroupBytes,
    PageCodec codec)
    implements Serializable {
  WrittenFile write(ShardId shard, Iterable<RunSegment> segments) throws IOException {
    List<SortedRecord> records = read(segments);
    records.sort(
        Comparator.comparing(SortedRecord::order).thenComparing(record -> record.example().id()));
    requireUniqueIds(records, shard);
    ShardFooter footer =
        new ShardFooter(
            encoding, shard.split(), classNames, shard.index(), shard.count(), salt, fingerprint);
    Path file = Path.of(output, shard.fileName());
    try (ShardWriter writer =
        new ShardWriter(file, footer, new WriteSettings(rowGroupBytes, codec))) {
      records.forEach(record -> writer.write(record.example()));
      return writer.commit();
    }
  }

  private static List<SortedRecord> read(Iterable<RunSegment> segments) throws IOException {
    List<SortedRecord> records = new ArrayList<>();
    for (RunSegment segment : segments) {
      ByteBuffer bytes = read(segment);
      while (bytes.hasRemaining()) {
        records.add(SortedRecord.decode(bytes));
      }
    }
    return records;
  }

  private static ByteBuffer read(RunSegment segment) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(segment.length());
    try (FileChannel channel = FileChannel.open(Path.of(segment.file()), StandardOpenOption.READ)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, segment.offset() + bytes.position()) < 0) {
          throw new EOFException(
              "Cannot read run: expected %d bytes at %d, got the file's end (%s)"
                  .formatted(segment.length(), segment.offset(), segment.file()));
        }
      }
    }
    return bytes.flip();
  }

  private static void requireUniqueIds(List<SortedRecord> records, ShardId shard) {
    for (int i = 1; i < records.size(); i++) {
      String id = records.get(i).example().id();
      if (id.equals(records.get(i - 1).example().id())) {
        throw new IllegalStateException(
            "Cannot write shard: expected unique ids, got %s twice (%s)"
                .formatted(id, shard.fileName()));
      }
    }
  }
}
