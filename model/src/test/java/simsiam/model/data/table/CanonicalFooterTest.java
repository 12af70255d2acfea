package simsiam.model.data.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.Examples;
import simsiam.model.data.ShardWriter;

class CanonicalFooterTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("a.parquet");
    try (ShardWriter writer =
        new ShardWriter(file, Examples.footer(0, 2), new WriteSettings(1 << 14, PageCodec.NONE))) {
      Examples.random(500, 4, 5, 1).forEach(writer::write);
      writer.commit();
    }
  }

  private FileMetaData footer() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    return Util.readFileMetaData(
        new ByteArrayInputStream(bytes, bytes.length - 8 - length, length));
  }

  private static List<ColumnChunk> chunks(FileMetaData footer) {
    return footer.getRow_groups().stream().flatMap(group -> group.getColumns().stream()).toList();
  }

  @Test
  void leavesAFileInOrderAsItIs() throws IOException {
    byte[] before = Files.readAllBytes(file);

    byte[] after = before.clone();

    CanonicalFooter.sort(after);

    assertThat(after).isEqualTo(before);
    assertThat(chunks(footer()))
        .hasSizeGreaterThan(10)
        .allSatisfy(
            chunk ->
                assertThat(chunk.getMeta_data().getEncodings()).isSorted().hasSizeGreaterThan(1));
  }

  @Test
  void bringsBackTheOrderThatAnotherProcessMayNotHave() throws IOException {
    byte[] before = Files.readAllBytes(file);
    FileMetaData footer = footer();
    for (ColumnChunk chunk : chunks(footer)) {
      List<Encoding> encodings = new ArrayList<>(chunk.getMeta_data().getEncodings());
      Collections.reverse(encodings);
      chunk.getMeta_data().setEncodings(encodings);
    }
    ByteArrayOutputStream reversed = new ByteArrayOutputStream();
    Util.writeFileMetaData(footer, reversed);
    byte[] after = before.clone();
    System.arraycopy(
        reversed.toByteArray(), 0, after, before.length - 8 - reversed.size(), reversed.size());
    assertThat(Arrays.equals(before, after)).isFalse();

    CanonicalFooter.sort(after);

    assertThat(after).isEqualTo(before);
  }
}
