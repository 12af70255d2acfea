package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.data.table.ForeignTable;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.RowWriter;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.Sha256;

class ShardFileTest {
  private static final List<ImageExample> EXAMPLES = Examples.random(500, 4, 5, 1);

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(PageCodec.class)
  void readsBackWhatWasWritten(PageCodec codec) {
    Path file = folder.resolve("a.parquet");
    WrittenFile written = write(file, EXAMPLES, new WriteSettings(1 << 20, codec));

    try (ShardReader reader = new ShardReader(file)) {
      assertThat(reader.footer()).isEqualTo(Examples.footer(0, 2));
      assertThat(reader.rows()).isEqualTo(500).isEqualTo(written.rows());
      assertThat(reader).usingRecursiveFieldByFieldElementComparator().isEqualTo(EXAMPLES);
    }
  }

  @Test
  void reportsSizeAndChecksumOfTheFile() throws IOException {
    Path file = folder.resolve("a.parquet");
    WrittenFile written = write(file, EXAMPLES, WriteSettings.PLAIN);

    assertThat(written)
        .isEqualTo(new WrittenFile("a.parquet", 500, Files.size(file), Sha256.of(file)));
  }

  @Test
  void sameRowsGiveSameBytes() {
    write(folder.resolve("a.parquet"), EXAMPLES, WriteSettings.PLAIN);
    write(folder.resolve("b.parquet"), EXAMPLES, WriteSettings.PLAIN);

    assertThat(folder.resolve("a.parquet")).hasSameBinaryContentAs(folder.resolve("b.parquet"));
  }

  @Test
  void closesRowGroupsNearTheirSizeAndReadsEachAlone() {
    Path file = folder.resolve("a.parquet");
    List<ImageExample> examples = Examples.random(2_000, 8, 8, 2);
    write(file, examples, new WriteSettings(64 << 10, PageCodec.NONE));

    try (ShardReader reader = new ShardReader(file)) {
      assertThat(reader.rowGroups()).isBetween(6, 8);
      List<String> backwards = new ArrayList<>();
      for (int group = reader.rowGroups() - 1; group >= 0; group--) {
        List<String> ids = new ArrayList<>();
        Iterator<ImageExample> rows = reader.rowGroup(group);
        rows.forEachRemaining(row -> ids.add(row.id()));
        backwards.addAll(0, ids);
      }
      assertThat(backwards).isEqualTo(examples.stream().map(ImageExample::id).toList());
    }
  }

  /** By the columns that say so: no byte of an image is read, so that it may be damaged. */
  @Test
  void tellsHowManyPixelsImagesHave() throws IOException {
    Path file = folder.resolve("a.parquet");
    List<ImageExample> examples = new ArrayList<>(Examples.random(900, 4, 5, 3));
    examples.addAll(Examples.random(700, 9, 7, 4));
    write(file, examples, new WriteSettings(16 << 10, PageCodec.NONE));
    int[] expected = examples.stream().mapToInt(row -> row.height() * row.width()).toArray();
    assertThat(ShardReader.areas(file)).isEqualTo(expected);

    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(imagesOf(file));
      bytes.write(new byte[64]);
    }
    assertThat(ShardReader.areas(file)).isEqualTo(expected);
    try (ShardReader reader = new ShardReader(file)) {
      assertThatThrownBy(() -> reader.rowGroup(0).next())
          .hasMessageContaining("expected a whole Parquet file");
    }
  }

  /** Where the first row group's pages of images begin. */
  private static long imagesOf(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return reader.getRowGroups().get(0).getColumns().get(4).getStartingPos();
    }
  }

  @Test
  void imagesCarryNeitherDictionaryNorStatistics() throws IOException {
    Path file = folder.resolve("a.parquet");
    ImageExample same = EXAMPLES.get(0);
    write(file, Stream.generate(() -> same).limit(300).toList(), WriteSettings.PLAIN);

    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      for (BlockMetaData block : reader.getRowGroups()) {
        ColumnChunkMetaData image = block.getColumns().get(4);
        assertThat(image.getPath().toDotString()).isEqualTo("image.bytes");
        assertThat(image.hasDictionaryPage()).isFalse();
        assertThat(image.getStatistics().isEmpty()).isTrue();
      }
    }
  }

  @Test
  void footerSaysWhatTheShardIs() throws IOException {
    Path file = folder.resolve("a.parquet");
    write(file, EXAMPLES, WriteSettings.PLAIN);

    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      assertThat(reader.getFileMetaData().getKeyValueMetaData())
          .containsAllEntriesOf(
              Map.of(
                  "schema.version", "2",
                  "image.encoding", "raw",
                  "split", "train",
                  "class.names", "[\"cat\",\"dog, \\\"big\\\"\"]",
                  "shard.index", "0",
                  "shard.count", "2",
                  "order.salt", "salt",
                  "fingerprint", "f00d"));
    }
  }

  @Test
  void leavesNothingWithoutACommit() {
    try (ShardWriter writer =
        new ShardWriter(folder.resolve("a.parquet"), Examples.footer(0, 1), WriteSettings.PLAIN)) {
      writer.write(EXAMPLES.get(0));
      assertThat(folder).isNotEmptyDirectory();
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void namesTheFileAndTheCauseIfItCannotBeWritten() {
    Path file = folder.resolve("a.parquet");
    try (ShardWriter writer = new ShardWriter(file, Examples.footer(0, 1), WriteSettings.PLAIN)) {
      writer.write(EXAMPLES.get(0));
      // An interrupted thread may not write to a channel: stands for a full disk.
      Thread.currentThread().interrupt();
      assertThatThrownBy(writer::commit)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessage("Cannot write %s: closed by interrupt".formatted(file));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAnotherSchemaVersion() {
    Path file = folder.resolve("a.parquet");
    Map<String, String> footer = Examples.footer(0, 1).asMap();
    footer.put("schema.version", "1");
    write(file, new ShardColumns.Writer(ImageEncoding.RAW, List.of()), footer);

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read a.parquet: expected schema.version 2, got 1 (%s); make it again with --force=shard"
                .formatted(file));
  }

  @Test
  void refusesAFileWithOtherColumns() {
    Path file = folder.resolve("features.parquet");
    MessageType other =
        MessageTypeParser.parseMessageType("message m {required binary id (STRING);}");
    try (TableWriter<ImageExample> writer =
        new TableWriter<>(
            file, new IdAlone(other), Examples.footer(0, 1).asMap(), WriteSettings.PLAIN)) {
      writer.commit();
    }

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read features.parquet: expected column optional binary id (STRING), got required binary id (STRING) (%s)"
                .formatted(file));
  }

  @Test
  void hasTheColumnsThatOthersExpect() {
    Path file = folder.resolve("a.parquet");
    write(file, EXAMPLES, WriteSettings.PLAIN);

    try (ForeignTable table = ForeignTable.open(file)) {
      assertThat(table.columns())
          .containsExactly("id", "label", "height", "width", "image.bytes", "image.path");
      ForeignTable.Cursor rows = table.rowGroup(0, List.of("label", "image.bytes"));
      assertThat(rows.next()).isTrue();
      assertThat(rows.integer(0)).isEqualTo(-1);
      byte[] image = rows.bytes(1);
      assertThat(new String(image, 0, 11, StandardCharsets.US_ASCII)).isEqualTo("P6 5 4 255\n");
      assertThat(Arrays.copyOfRange(image, 11, image.length)).isEqualTo(EXAMPLES.get(0).image());
      ForeignTable.Cursor paths = table.rowGroup(0, List.of("image.path"));
      assertThat(paths.next()).isTrue();
      assertThat(paths.isNull(0)).isTrue();
    }
  }

  @Test
  void refusesRawImagesThatAreNotPixmapsOfTheirSize() {
    Path file = folder.resolve("a.parquet");
    write(
        file, new ShardColumns.Writer(ImageEncoding.PNG, List.of()), Examples.footer(0, 1).asMap());

    try (ShardReader reader = new ShardReader(file)) {
      assertThatThrownBy(() -> reader.iterator().next())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Cannot read image: expected a pixmap of 5x4, got other bytes")
          .hasMessageEndingWith("(%s)".formatted(file));
    }
  }

  @Test
  void refusesNulls() {
    Path file = folder.resolve("a.parquet");
    write(
        file,
        new IdAlone(new ShardColumns.Writer(ImageEncoding.RAW, List.of()).schema()),
        Examples.footer(0, 1).asMap());

    try (ShardReader reader = new ShardReader(file)) {
      assertThatThrownBy(() -> reader.iterator().next())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Cannot read row: expected a value in column label, got null")
          .hasMessageEndingWith("(%s)".formatted(file));
    }
  }

  /** Writes the id and nothing else. */
  private record IdAlone(MessageType schema) implements RowWriter<ImageExample> {
    @Override
    public List<String> bulkColumns() {
      return List.of();
    }

    @Override
    public void write(ImageExample row, RecordConsumer out) {
      out.startField("id", 0);
      out.addBinary(Binary.fromString(row.id()));
      out.endField("id", 0);
    }
  }

  @Test
  void namesAMissingFile() {
    Path file = folder.resolve("gone.parquet");

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot read gone.parquet: expected a file, got none (%s)".formatted(file));
  }

  @Test
  void namesATruncatedFile() throws IOException {
    Path file = folder.resolve("a.parquet");
    write(file, EXAMPLES, WriteSettings.PLAIN);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot read a.parquet: expected a whole Parquet file, got one that fails with")
        .hasMessageEndingWith("(%s)".formatted(file));
  }

  private static WrittenFile write(Path file, List<ImageExample> examples, WriteSettings settings) {
    try (ShardWriter writer = new ShardWriter(file, Examples.footer(0, 2), settings)) {
      examples.forEach(writer::write);
      return writer.commit();
    }
  }

  private static void write(Path file, RowWriter<ImageExample> format, Map<String, String> footer) {
    try (TableWriter<ImageExample> writer =
        new TableWriter<>(file, format, footer, WriteSettings.PLAIN)) {
      writer.write(EXAMPLES.get(0));
      writer.commit();
    }
  }

  private static void open(Path file) {
    new ShardReader(file).close();
  }
}
