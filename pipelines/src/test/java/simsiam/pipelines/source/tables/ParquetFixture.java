package simsiam.pipelines.source.tables;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageTypeParser;

/** Parquet files that others might have written. */
final class ParquetFixture {
  private static final byte[] MAGIC = {'P', 'A', 'R', '1'};

  private ParquetFixture() {}

  /** A file of some columns, without rows. */
  static void write(Path file, String... columns) throws IOException {
    write(file, Map.of(), columns);
  }

  /** The same with keys and values in its footer. */
  static void write(Path file, Map<String, String> footer, String... columns) throws IOException {
    String schema = "message m { " + String.join(" ", columns) + " }";
    ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            MessageTypeParser.parseMessageType(schema),
            ParquetFileWriter.Mode.CREATE,
            1 << 20,
            0,
            null,
            ParquetProperties.builder().build());
    writer.start();
    writer.end(footer);
    writer.close();
  }

  /** Changes the footer of a file. */
  static void footer(Path file, Consumer<FileMetaData> change) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length - 8;
    int length = ByteBuffer.wrap(bytes, end, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
    int start = end - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    change.accept(footer);
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(Arrays.copyOf(bytes, start));
    Util.writeFileMetaData(footer, changed);
    changed.write(
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(changed.size() - start)
            .array());
    changed.write(MAGIC);
    Files.write(file, changed.toByteArray());
  }

  /** Gives a column of 64-bit numbers the statistics of one that has -1 alone. */
  static void onlyMinusOne(ColumnChunk column) {
    if (column.getMeta_data().getPath_in_schema().equals(List.of("label"))) {
      byte[] minusOne = {-1, -1, -1, -1, -1, -1, -1, -1};
      Statistics statistics = new Statistics();
      statistics.setMin_value(minusOne);
      statistics.setMax_value(minusOne);
      statistics.setNull_count(0);
      column.getMeta_data().setStatistics(statistics);
    }
  }
}
