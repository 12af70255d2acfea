package simsiam.pipelines.source.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.listing.SourceImage;

class StlSourceTest {
  private static final int SIZE = 96;
  private static final int RECORD = 3 * SIZE * SIZE;

  @TempDir Path work;
  @TempDir Path scratch;
  private Path folder;
  private byte[] train;

  @BeforeEach
  void files() {
    folder = work.resolve("stl10_binary");
    train = random(4 * RECORD, 1);
    Fixtures.write(folder.resolve("train_X.bin"), train);
    Fixtures.write(folder.resolve("train_y.bin"), new byte[] {1, 10, 2, 3});
    Fixtures.write(folder.resolve("test_X.bin"), random(2 * RECORD, 2));
    Fixtures.write(folder.resolve("test_y.bin"), new byte[] {9, 1});
    Fixtures.write(folder.resolve("unlabeled_X.bin"), random(400 * RECORD, 3));
    Fixtures.write(
        folder.resolve("class_names.txt"),
        "airplane\nbird\ncar\ncat\ndeer\ndog\nhorse\nmonkey\nship\ntruck\n"
            .getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void labelsRunFromOneInTheFilesAndFromZeroInExamples() {
    assertThat(rows(source(false, 0)))
        .containsExactly(
            "TRAIN train_X.bin#0 0",
            "TRAIN train_X.bin#1 9",
            "TRAIN train_X.bin#2 1",
            "TRAIN train_X.bin#3 2",
            "TEST test_X.bin#0 8",
            "TEST test_X.bin#1 0");
  }

  /** As the set's page says: read as (3, 96, 96), then swap the last two axes. */
  @Test
  void pixelsAreStoredColumnByColumn() {
    RgbImage image =
        ((SourceImage.Pixels) SourceReading.rows(source(false, 0), scratch).get(1).image()).image();

    byte[] expected = new byte[RECORD];
    for (int channel = 0; channel < 3; channel++) {
      for (int x = 0; x < SIZE; x++) {
        for (int y = 0; y < SIZE; y++) {
          expected[3 * (y * SIZE + x) + channel] =
              train[RECORD + channel * SIZE * SIZE + x * SIZE + y];
        }
      }
    }
    assertThat(image.height()).isEqualTo(SIZE);
    assertThat(image.width()).isEqualTo(SIZE);
    assertThat(image.pixels()).isEqualTo(expected);
  }

  @Test
  void unlabelledImagesJoinTheTrainSplitWhereAskedFor() {
    ImageSource source = source(true, 0);

    assertThat(source.mostTrainImages()).hasValue(404);
    assertThat(rows(source))
        .hasSize(406)
        .contains("TRAIN unlabeled_X.bin#0 -1", "TRAIN unlabeled_X.bin#399 -1");
    assertThat(SourceReading.chunks(source, scratch))
        .extracting(SourceChunk::size)
        .contains(303, 97);
    assertThat(digest(source)).isNotEqualTo(digest(source(false, 0)));
  }

  @Test
  void theFirstImagesOfTrainAreLabelled() {
    assertThat(rows(source(true, 3)))
        .containsExactly(
            "TRAIN train_X.bin#0 0",
            "TRAIN train_X.bin#1 9",
            "TRAIN train_X.bin#2 1",
            "TEST test_X.bin#0 8",
            "TEST test_X.bin#1 0");
    assertThat(rows(source(true, 6))).contains("TRAIN unlabeled_X.bin#1 -1").hasSize(8);
  }

  @Test
  void theOfficialArchiveGivesTheSame() {
    Path archive =
        Fixtures.tarGz(
            work.resolve("stl10_binary.tar.gz"),
            folder,
            "stl10_binary",
            List.of("test_X.bin", "test_y.bin", "train_X.bin", "train_y.bin", "unlabeled_X.bin"));

    ImageSource packed = new StlSource(archive, true, 0);
    packed.check();
    assertThat(rows(packed)).isEqualTo(rows(source(true, 0)));
  }

  @Test
  void aLabelOutOfRangeCostsOneImage() {
    Fixtures.write(folder.resolve("train_y.bin"), new byte[] {1, 0, 11, 3});

    assertThat(SourceReading.rows(source(false, 0), scratch))
        .filteredOn(row -> row.image() instanceof SourceImage.Unreadable)
        .extracting(row -> ((SourceImage.Unreadable) row.image()).message())
        .containsExactly(
            "Cannot read record: expected a class from 0 to 9, got -1 (train_X.bin#1)",
            "Cannot read record: expected a class from 0 to 9, got 10 (train_X.bin#2)");
  }

  @Test
  void aCutFileIsNamed() throws IOException {
    Files.write(folder.resolve("train_X.bin"), new byte[RECORD + 5]);

    assertProblem(
        "expected whole records of 27648 bytes in train_X.bin, got 27653 bytes, which end inside"
            + " record 1 (%s)".formatted(folder.resolve("train_X.bin")));
  }

  @Test
  void missingLabelsAreNamed() throws IOException {
    Files.write(folder.resolve("test_y.bin"), new byte[] {1});

    assertProblem(
        "expected 2 labels in test_y.bin, one for each image, got 1 (%s)"
            .formatted(folder.resolve("test_y.bin")));
  }

  @Test
  void otherClassNamesAreRefused() throws IOException {
    Files.writeString(folder.resolve("class_names.txt"), "cat\ndog\n");

    assertThatThrownBy(() -> source(false, 0).check())
        .hasMessageEndingWith("got cat, dog (%s)".formatted(folder.resolve("class_names.txt")));
  }

  private static byte[] random(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private List<String> rows(ImageSource source) {
    return SourceReading.rows(source, scratch).stream()
        .map(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .toList();
  }

  private String digest(ImageSource source) {
    return source.contents(DigestCache.open(scratch.resolve("none"))).digest();
  }

  private ImageSource source(boolean withUnlabelled, int limit) {
    return new StlSource(work, withUnlabelled, limit);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(false, 0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
