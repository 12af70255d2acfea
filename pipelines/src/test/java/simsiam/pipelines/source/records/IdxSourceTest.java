package simsiam.pipelines.source.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

class IdxSourceTest {
  @TempDir Path folder;
  @TempDir Path scratch;

  @BeforeEach
  void writeFiles() {
    Fixtures.idx(folder, "train", 12, true);
    Fixtures.idx(folder, "t10k", 5, false);
  }

  @Test
  void readsGzippedAndPlainFilesAndReplicatesGrey() {
    List<SourceReading.Row> rows = SourceReading.rows(source(0), scratch);

    assertThat(rows).hasSize(17);
    SourceReading.Row row = rows.get(11);
    assertThat(row.split()).isEqualTo(SourceSplit.TRAIN);
    assertThat(row.image().id()).isEqualTo("train-images-idx3-ubyte#11");
    assertThat(row.image().label()).isEqualTo(1);
    RgbImage image = ((SourceImage.Pixels) row.image()).image();
    assertThat(image.height()).isEqualTo(4);
    assertThat(image.width()).isEqualTo(3);
    for (int p = 0; p < 12; p++) {
      byte value = (byte) (11 + 10 * p);
      assertThat(Arrays.copyOfRange(image.pixels(), 3 * p, 3 * p + 3))
          .containsExactly(value, value, value);
    }
    assertThat(rows.get(12).split()).isEqualTo(SourceSplit.TEST);
    assertThat(rows.get(12).image().id()).isEqualTo("t10k-images-idx3-ubyte#0");
  }

  @Test
  void limitTakesTheFirstOfEachSplit() {
    assertThat(SourceReading.rows(source(2), scratch))
        .extracting(row -> row.image().id())
        .containsExactly(
            "train-images-idx3-ubyte#0",
            "train-images-idx3-ubyte#1",
            "t10k-images-idx3-ubyte#0",
            "t10k-images-idx3-ubyte#1");
  }

  @Test
  void findsFilesNamedWithADot() throws IOException {
    Files.move(folder.resolve("t10k-images-idx3-ubyte"), folder.resolve("t10k-images.idx3-ubyte"));

    assertThat(SourceReading.ids(source(0), SourceSplit.TEST, scratch))
        .hasSize(5)
        .contains("t10k-images-idx3-ubyte#4");
  }

  @Test
  void namesAWrongMagicNumber() {
    Path file =
        Fixtures.write(
            folder.resolve("train-images-idx3-ubyte.gz"), Fixtures.idx(new byte[4], true, 4));

    assertProblem(
        "expected IDX magic number 2051 in train-images-idx3-ubyte.gz, got 2049 (%s)"
            .formatted(file));
  }

  @Test
  void namesAPlainFileOfTheWrongSize() throws IOException {
    Path file = folder.resolve("t10k-images-idx3-ubyte");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 70));

    assertProblem(
        "expected 76 bytes in t10k-images-idx3-ubyte, as its header says, got 70 (%s)"
            .formatted(file));
  }

  @Test
  void namesATruncatedGzipFile() throws IOException {
    Path file = folder.resolve("train-images-idx3-ubyte.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 5));

    assertThatThrownBy(() -> source(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(
            "Invalid dataset.path: expected 160 bytes in train-images-idx3-ubyte.gz, as its header"
                + " says, got ")
        .hasMessageEndingWith("(%s)".formatted(file));
  }

  @Test
  void namesMissingLabels() {
    Path file =
        Fixtures.write(
            folder.resolve("t10k-labels-idx1-ubyte"), Fixtures.idx(new byte[4], false, 4));

    assertProblem(
        "expected 5 labels in t10k-labels-idx1-ubyte, one for each image, got 4 (%s)"
            .formatted(file));
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.delete(folder.resolve("t10k-labels-idx1-ubyte"));

    assertProblem(
        "expected a file t10k-labels-idx1-ubyte[.gz] (or dataset.download: true), got none (%s)"
            .formatted(folder));
  }

  @Test
  void namesSizesThatCannotBe() {
    Fixtures.write(
        folder.resolve("train-images-idx3-ubyte"),
        Fixtures.idx(new byte[4], false, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    Fixtures.idx(folder, "t10k", 2, false);

    assertThatThrownBy(() -> new IdxSource("mnist", List.of("a"), folder, 0).check())
        .hasMessage(
            "Invalid dataset.path: expected sizes of an image set in the header of"
                + " train-images-idx3-ubyte, got [2147483647, 2147483647, 2147483647] (%s)"
                    .formatted(folder.resolve("train-images-idx3-ubyte")));
  }

  @Test
  void namesAMissingFolder() {
    Path gone = folder.resolve("gone");
    ImageSource source = new IdxSource("mnist", List.of("0", "1"), gone, 0);

    assertThatThrownBy(source::check)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid dataset.path: expected the folder of mnist (or dataset.download: true), got "
                + gone);
  }

  private ImageSource source(int limit) {
    List<String> digits = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    return new IdxSource("mnist", digits, folder, limit);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
