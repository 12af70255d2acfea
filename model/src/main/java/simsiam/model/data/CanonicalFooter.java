package simsiam.model.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/**
 * Takes chance out of a Parquet footer. The writer lists the encodings of a column in the order of
 * a hash set of enum constants, which differs from one Java process to the next; sorted, the same
 * rows are the same bytes in all of them.
 */
final class CanonicalFooter {
  /** At the end of a file: the footer's length and the magic number. */
  private static final int TAIL_BYTES = 8;

  private CanonicalFooter() {}

  /**
   * Sorts the encodings of each column chunk, in place.
   *
   * @return whether the file was changed
   */
  static boolean sort(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long tail = channel.size() - TAIL_BYTES;
      int length = read(channel, tail, TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN).getInt();
      byte[] written = read(channel, tail - length, length).array();
      byte[] sorted = sorted(written);
      if (sorted.length != written.length) {
        throw new IOException(
            "Cannot sort the footer: expected %d bytes, got %d (%s)"
                .formatted(written.length, sorted.length, file));
      }
      if (Arrays.equals(sorted, written)) {
        return false;
      }
      ByteBuffer buffer = ByteBuffer.wrap(sorted);
      while (buffer.hasRemaining()) {
        channel.write(buffer, tail - length + buffer.position());
      }
      channel.force(true);
      return true;
    }
  }

  private static byte[] sorted(byte[] footer) throws IOException {
    FileMetaData metaData = Util.readFileMetaData(new ByteArrayInputStream(footer));
    metaData
        .getRow_groups()
        .forEach(
            group ->
                group
                    .getColumns()
                    .forEach(
                        column -> {
                          List<Encoding> encodings =
                              new ArrayList<>(column.getMeta_data().getEncodings());
                          Collections.sort(encodings);
                          column.getMeta_data().setEncodings(encodings);
                        }));
    ByteArrayOutputStream out = new ByteArrayOutputStream(footer.length);
    Util.writeFileMetaData(metaData, out);
    return out.toByteArray();
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new IOException("Cannot read the footer: expected a whole Parquet file");
      }
    }
    return buffer.flip();
  }
}
