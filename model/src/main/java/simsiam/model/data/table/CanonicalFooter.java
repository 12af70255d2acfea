package simsiam.model.data.table;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  private CanonicalFooter() {}

  /** Whether a file may end so. */
  static boolean isWhole(byte[] end) {
    int magic = end.length - MAGIC.length;
    return magic >= 0 && Arrays.equals(end, magic, end.length, MAGIC, 0, MAGIC.length);
  }

  /**
   * Sorts the encodings of each column chunk, in place.
   *
   * @param end of a file, with the whole footer at least
   */
  static void sort(byte[] end) throws IOException {
    int tail = end.length - TAIL_BYTES;
    int length = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN).getInt(tail);
    byte[] sorted = sorted(new ByteArrayInputStream(end, tail - length, length), length);
    if (sorted.length != length) {
      throw new IOException(
          "Cannot sort the footer: expected %s bytes, got %s".formatted(length, sorted.length));
    }
    System.arraycopy(sorted, 0, end, tail - length, length);
  }

  private static byte[] sorted(InputStream footer, int length) throws IOException {
    FileMetaData metaData = Util.readFileMetaData(footer);
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
    ByteArrayOutputStream out = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(metaData, out);
    return out.toByteArray();
  }
}
