package simsiam.model.data.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.Examples;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.table.Fields;
import simsiam.model.data.table.RowWriter;
import simsiam.model.data.table.TableWriter;
import simsiam.model.data.table.WriteSettings;

class FeatureFileTest {
  @TempDir Path folder;

  @Test
  void readsBackWhatWasWritten() {
    Path file = folder.resolve("features-train.parquet");
    List<FeatureRow> rows =
        List.of(
            new FeatureRow("a", 3, new float[] {1.5f, -0f, Float.MIN_VALUE}),
            new FeatureRow("b", -1, new float[] {Float.NaN, 1e30f, 0}));
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(file, 3, new FeatureFile.Origin("resnet10", "avgpool", "c0ffee"))) {
      rows.forEach(writer::write);
      assertThat(writer.commit().rows()).isEqualTo(2);
    }

    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      assertThat(reader.dim()).isEqualTo(3);
      assertThat(reader.rows()).isEqualTo(2);
      assertThat(reader.origin())
          .isEqualTo(new FeatureFile.Origin("resnet10", "avgpool", "c0ffee"));
      assertThat(reader)
          .map(row -> row.id() + " " + row.label() + " " + Arrays.toString(row.feature()))
          .containsExactly("a 3 [1.5, -0.0, 1.4E-45]", "b -1 [NaN, 1.0E30, 0.0]");
    }
  }

  /** Workspaces of earlier releases have them. */
  @Test
  void readsFilesWhoseFeaturesAreBytes() {
    Path file = folder.resolve("old.parquet");
    Map<String, String> footer =
        Map.of("feature.version", "1", "feature.dim", "2", "checkpoint.fingerprint", "c0ffee");
    try (TableWriter<FeatureRow> writer =
        new TableWriter<>(file, new Version1(), footer, WriteSettings.PLAIN)) {
      writer.write(new FeatureRow("a", 3, new float[] {1.5f, -0f}));
      writer.write(new FeatureRow("b", -1, new float[] {Float.NaN, 1e30f}));
      writer.commit();
    }
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      assertThat(reader.dim()).isEqualTo(2);
      assertThat(reader.origin()).isEqualTo(new FeatureFile.Origin("", "", "c0ffee"));
      assertThat(reader)
          .map(row -> row.id() + " " + row.label() + " " + Arrays.toString(row.feature()))
          .containsExactly("a 3 [1.5, -0.0]", "b -1 [NaN, 1.0E30]");
    }
  }

  private record Version1() implements RowWriter<FeatureRow> {
    @Override
    public MessageType schema() {
      return MessageTypeParser.parseMessageType(
          "message feature_row { required binary id (STRING); required int32 label;"
              + " required fixed_len_byte_array(8) feature; }");
    }

    @Override
    public List<String> bulkColumns() {
      return List.of("feature");
    }

    @Override
    public void write(FeatureRow row, RecordConsumer out) {
      ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(row.feature());
      new Fields(schema(), out).string(row.id()).integer(row.label()).bytes(bytes.array());
    }
  }

  /** More than a row group, so that lists begin and end at its edges too. */
  @Test
  void readsManyRowGroups() {
    Path file = folder.resolve("many.parquet");
    int rows = 3000;
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(
            file, 1024, new FeatureFile.Origin("resnet10", "avgpool", "c0ffee"))) {
      for (int i = 0; i < rows; i++) {
        float[] feature = new float[1024];
        Arrays.fill(feature, i);
        feature[1023] = -i;
        writer.write(new FeatureRow("image" + i, i % 7, feature));
      }
      writer.commit();
    }
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      int next = 0;
      for (FeatureRow row : reader) {
        assertThat(row.id()).isEqualTo("image" + next);
        assertThat(row.label()).isEqualTo(next % 7);
        assertThat(row.feature()[0]).isEqualTo(next);
        assertThat(row.feature()[1022]).isEqualTo(next);
        assertThat(row.feature()[1023]).isEqualTo(-next);
        next++;
      }
      assertThat(next).isEqualTo(rows);
    }
  }

  @Test
  void refusesAListOfAnotherLength() {
    Path file = folder.resolve("short.parquet");
    Map<String, String> footer =
        Map.of("feature.version", "2", "feature.dim", "3", "checkpoint.fingerprint", "c0ffee");
    try (TableWriter<FeatureRow> writer =
        new TableWriter<>(file, new FeatureColumns(2), footer, WriteSettings.PLAIN)) {
      writer.write(new FeatureRow("a", 3, new float[] {1, 2}));
      writer.write(new FeatureRow("b", 3, new float[] {1, 2}));
      writer.commit();
    }
    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      assertThatThrownBy(() -> reader.iterator().next())
          .hasMessageContaining("expected 3 values of feature a, got 2");
    }
  }

  @Test
  void refusesAVersionThatIsNotKnown() {
    Path file = folder.resolve("new.parquet");
    Map<String, String> footer =
        Map.of("feature.version", "3", "feature.dim", "2", "checkpoint.fingerprint", "c0ffee");
    try (TableWriter<FeatureRow> writer =
        new TableWriter<>(file, new FeatureColumns(2), footer, WriteSettings.PLAIN)) {
      writer.commit();
    }
    assertThatThrownBy(() -> new FeatureFile.Reader(file).close())
        .hasMessage(
            "Cannot read new.parquet: expected feature.version 2, got 3 (%s); make it again with --force=features"
                .formatted(file));
  }

  @Test
  void refusesAFeatureOfAnotherLength() {
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(
            folder.resolve("f.parquet"),
            3,
            new FeatureFile.Origin("resnet10", "avgpool", "c0ffee"))) {
      assertThatThrownBy(() -> writer.write(new FeatureRow("a", 0, new float[4])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Cannot write feature: expected 3 values, got 4 (a)");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAShard() {
    Path file = folder.resolve("s.parquet");
    try (ShardWriter writer = new ShardWriter(file, Examples.footer(0, 1), WriteSettings.PLAIN)) {
      writer.commit();
    }

    assertThatThrownBy(() -> new FeatureFile.Reader(file).close())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read s.parquet: expected footer key feature.version, got none (%s)"
                .formatted(file));
  }
}
