package simsiam.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureFileTest {
  @TempDir Path folder;

  @Test
  void readsBackWhatWasWritten() {
    Path file = folder.resolve("features-train.parquet");
    List<FeatureRow> rows =
        List.of(
            new FeatureRow("a", 3, new float[] {1.5f, -0f, Float.MIN_VALUE}),
            new FeatureRow("b", -1, new float[] {Float.NaN, 1e30f, 0}));
    try (FeatureFile.Writer writer = new FeatureFile.Writer(file, 3, "c0ffee")) {
      rows.forEach(writer::write);
      assertThat(writer.commit().rows()).isEqualTo(2);
    }

    try (FeatureFile.Reader reader = new FeatureFile.Reader(file)) {
      assertThat(reader.dim()).isEqualTo(3);
      assertThat(reader.rows()).isEqualTo(2);
      assertThat(reader.checkpointFingerprint()).isEqualTo("c0ffee");
      assertThat(reader)
          .map(row -> row.id() + " " + row.label() + " " + Arrays.toString(row.feature()))
          .containsExactly("a 3 [1.5, -0.0, 1.4E-45]", "b -1 [NaN, 1.0E30, 0.0]");
    }
  }

  @Test
  void refusesAFeatureOfAnotherLength() {
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(folder.resolve("f.parquet"), 3, "c0ffee")) {
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
