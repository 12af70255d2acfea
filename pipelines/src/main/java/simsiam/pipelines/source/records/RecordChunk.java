package simsiam.pipelines.source.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import simsiam.model.data.ImageExample;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Consecutive records of one file.
 *
 * @param file that holds the records
 * @param fileOffset of record 0, in bytes
 * @param first record of the chunk
 * @param size records in the chunk
 * @param name of the file in ids: record 17 is {@code name#17}
 * @param labelFile file of one byte a record where records carry no label; empty where they do, or
 *     where there are no labels
 * @param labelOffset of record 0's label there
 * @param classes labels run from 0 to classes - 1
 */
record RecordChunk(
    SourceSplit split,
    RecordFormat format,
    HeldFile file,
    long fileOffset,
    int height,
    int width,
    int first,
    int size,
    String name,
    List<HeldFile> labelFile,
    long labelOffset,
    int classes)
    implements SourceChunk {
  @Override
  public String origin() {
    return name;
  }

  @Override
  public boolean encoded() {
    return false;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    int recordBytes = format.recordBytes(height, width);
    byte[] records = bytes(file, fileOffset + (long) first * recordBytes, size * recordBytes);
    byte[] labels =
        labelFile.isEmpty() ? new byte[0] : bytes(labelFile.get(0), labelOffset + first, size);
    for (int i = 0; i < size; i++) {
      int offset = i * recordBytes;
      boolean known = format.labelled() || labels.length > 0;
      int label = known ? label(records, offset, labels, i) : ImageExample.UNKNOWN_LABEL;
      String id = name + "#" + (first + i);
      if (!known || (label >= 0 && label < classes)) {
        receiver.accept(
            new SourceImage.Pixels(id, label, format.image(records, offset, height, width)));
      } else {
        receiver.accept(
            new SourceImage.Unreadable(
                id,
                label,
                "bad_label",
                "Cannot read record: expected a class from 0 to %s, got %s (%s)"
                    .formatted(classes - 1, label, id)));
      }
    }
  }

  private int label(byte[] records, int offset, byte[] labels, int record) {
    return format.labelled() ? format.label(records, offset) : format.label(labels[record]);
  }

  private static byte[] bytes(HeldFile file, long offset, int length) throws IOException {
    return file.read(path -> bytes(path, offset, length));
  }

  private static byte[] bytes(Path file, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (SeekableByteChannel in = Files.newByteChannel(file)) {
      in.position(offset);
      while (bytes.hasRemaining()) {
        if (in.read(bytes) < 0) {
          throw new IOException(
              "Cannot read records: expected %s bytes at %s, got the file's end (%s)"
                  .formatted(length, offset, file));
        }
      }
    }
    return bytes.array();
  }
}
