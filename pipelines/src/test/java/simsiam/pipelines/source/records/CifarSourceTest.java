package simsiam.pipelines.source.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

class CifarSourceTest {
  @TempDir Path folder;
  @TempDir Path scratch;

  @Test
  void readsEveryRecordOfEveryBatch() throws IOException {
    Fixtures.cifar10(folder, 3);

    List<SourceReading.Row> rows = SourceReading.rows(cifar10(0), scratch);

    assertThat(rows).hasSize(18);
    SourceReading.Row row = rows.get(4);
    assertThat(row.split()).isEqualTo(SourceSplit.TRAIN);
    assertThat(row.image().id()).isEqualTo("data_batch_2.bin#1");
    assertThat(row.image().label()).isEqualTo(1);
    byte[] record =
        Arrays.copyOfRange(Files.readAllBytes(folder.resolve("data_batch_2.bin")), 3073, 2 * 3073);
    byte[] pixels = ((SourceImage.Pixels) row.image()).image().pixels();
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(pixels[3 * (32 * y + x) + channel])
              .isEqualTo(record[1 + 1024 * channel + 32 * y + x]);
        }
      }
    }
    assertThat(rows.get(17).split()).isEqualTo(SourceSplit.TEST);
    assertThat(rows.get(17).image().id()).isEqualTo("test_batch.bin#2");
  }

  @Test
  void cutsLargeBatchesIntoChunks() {
    Fixtures.cifar10(folder, 2_600);

    assertThat(SourceReading.chunks(cifar10(0), scratch))
        .extracting(SourceChunk::size)
        .containsExactly(2500, 100, 2500, 100, 2500, 100, 2500, 100, 2500, 100, 2500, 100);
  }

  @Test
  void limitTakesTheFirstOfEachSplit() {
    Fixtures.cifar10(folder, 3);

    assertThat(SourceReading.ids(cifar10(4), SourceSplit.TRAIN, scratch))
        .containsExactly(
            "data_batch_1.bin#0", "data_batch_1.bin#1", "data_batch_1.bin#2", "data_batch_2.bin#0");
    assertThat(SourceReading.ids(cifar10(4), SourceSplit.TEST, scratch))
        .containsExactly("test_batch.bin#0", "test_batch.bin#1", "test_batch.bin#2");
  }

  @Test
  void findsTheFolderAndTheArchiveUnderTheirOfficialNames() throws IOException {
    Path batches = Fixtures.cifar10(folder.resolve("cifar-10-batches-bin"), 2);
    List<String> expected = SourceReading.ids(cifar10(0), SourceSplit.TRAIN, scratch);
    assertThat(expected).hasSize(10);
    Path other = Files.createDirectory(folder.resolve("other"));
    Path archive =
        Fixtures.tarGz(
            other.resolve("cifar-10-binary.tar.gz"),
            batches,
            "cifar-10-batches-bin",
            Fixtures.CIFAR10_BATCHES);

    for (Path path : List.of(other, archive)) {
      ImageSource source = new CifarSource(CifarVariant.CIFAR10, path, 0);
      source.check();
      assertThat(SourceReading.ids(source, SourceSplit.TRAIN, scratch)).isEqualTo(expected);
    }
  }

  @Test
  void cifar100HasFineLabels() {
    Fixtures.cifar100(folder, 150, 20);
    ImageSource source = new CifarSource(CifarVariant.CIFAR100, folder, 0);

    source.check();

    assertThat(source.classNames()).hasSize(100).startsWith("apple").endsWith("worm").isSorted();
    assertThat(SourceReading.rows(source, scratch))
        .extracting(row -> row.image().label())
        .startsWith(IntStream.range(0, 100).boxed().toArray(Integer[]::new));
  }

  @Test
  void classNamesComeFromTheSetsOwnFile() throws IOException {
    Fixtures.cifar10(folder, 1);
    assertThat(cifar10(0).classNames()).hasSize(10).startsWith("airplane").endsWith("truck");

    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    assertThat(cifar10(0).classNames()).hasSize(10).startsWith("a").endsWith("j");
  }

  @Test
  void refusesAClassNamesFileOfAnotherLength() throws IOException {
    Fixtures.cifar10(folder, 1);
    Path names = Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\n");

    assertProblem(cifar10(0), "expected 10 class names in %s, got 2".formatted(names));
  }

  @Test
  void recordsWithAnImpossibleLabelAreHandedOverAsUnreadable() throws IOException {
    Fixtures.cifar10(folder, 2);
    Path file = folder.resolve("data_batch_1.bin");
    byte[] bytes = Files.readAllBytes(file);
    bytes[3073] = 10;
    Files.write(file, bytes);

    assertThat(SourceReading.rows(cifar10(0), scratch).get(1).image())
        .isEqualTo(
            new SourceImage.Unreadable(
                "data_batch_1.bin#1",
                10,
                "bad_label",
                "Cannot read record: expected a class from 0 to 9, got 10 (data_batch_1.bin#1)"));
  }

  @Test
  void namesATruncatedBatch() throws IOException {
    Fixtures.cifar10(folder, 4);
    Path file = folder.resolve("data_batch_3.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 7000));

    assertProblem(
        cifar10(0),
        "expected whole records of 3073 bytes in data_batch_3.bin, got 7000 bytes, which end inside"
            + " record 2 (%s)".formatted(file));
  }

  @Test
  void namesABatchCutAtARecord() throws IOException {
    Fixtures.cifar10(folder, 4);
    Path file = folder.resolve("data_batch_3.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3 * 3073));

    assertProblem(
        cifar10(0),
        "expected 4 records in data_batch_3.bin, as in the other batches, got 3 records (%s)"
            .formatted(file));
  }

  @Test
  void namesAMissingBatch() throws IOException {
    Fixtures.cifar10(folder, 4);
    Path file = folder.resolve("data_batch_5.bin");
    Files.delete(file);

    assertProblem(
        cifar10(0),
        "expected a file data_batch_5.bin (or dataset.download: true), got none (%s)"
            .formatted(file));
  }

  @Test
  void namesAMissingPath() {
    Path gone = folder.resolve("gone");

    assertProblem(
        new CifarSource(CifarVariant.CIFAR10, gone, 0),
        "expected the folder or archive of cifar10 (or dataset.download: true), got " + gone);
  }

  @Test
  void refusesAFileThatIsNoArchive() {
    Path file = Fixtures.write(folder.resolve("a.tar.gz"), new byte[100]);

    assertProblem(
        new CifarSource(CifarVariant.CIFAR10, file, 0), "expected a .tar.gz archive, got " + file);
  }

  @Test
  void namesATruncatedArchive() throws IOException {
    Path batches = Fixtures.cifar10(folder.resolve("b"), 20);
    Path archive =
        Fixtures.tarGz(folder.resolve("a.tar.gz"), batches, "x", Fixtures.CIFAR10_BATCHES);
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));
    ImageSource source = new CifarSource(CifarVariant.CIFAR10, archive, 0);

    assertThatThrownBy(() -> SourceReading.chunks(source, scratch))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("Invalid dataset.path: expected a whole .tar.gz archive, got")
        .hasMessageEndingWith("(%s)".formatted(archive));
  }

  @Test
  void refusesAnArchiveThatIsCutBetweenItsFiles() throws IOException {
    Path batches = Fixtures.cifar10(folder.resolve("b"), 1);
    Path archive =
        Fixtures.tarGz(folder.resolve("a.tar.gz"), batches, "x", Fixtures.CIFAR10_BATCHES);
    byte[] tar;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
      tar = in.readAllBytes();
    }
    int block = 512; // each file: a header and 3,073 bytes, filled up to whole blocks
    int files = Fixtures.CIFAR10_BATCHES.size() * (block + 7 * block);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(archive))) {
      out.write(tar, 0, files);
    }
    ImageSource source = new CifarSource(CifarVariant.CIFAR10, archive, 0);

    assertThatThrownBy(() -> SourceReading.chunks(source, scratch))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid dataset.path: expected a whole .tar.gz archive, got a tar archive without its"
                + " end (%s)".formatted(archive));
  }

  @Test
  void namesWhatAnArchiveLacks() {
    Path batches = Fixtures.cifar10(folder.resolve("b"), 1);
    Path archive =
        Fixtures.tarGz(
            folder.resolve("a.tar.gz"), batches, "x", Fixtures.CIFAR10_BATCHES.subList(0, 4));
    ImageSource source = new CifarSource(CifarVariant.CIFAR10, archive, 0);

    assertThatThrownBy(() -> SourceReading.chunks(source, scratch))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid dataset.path: expected an archive with data_batch_5.bin, test_batch.bin,"
                + " got none (%s)".formatted(archive));
  }

  private ImageSource cifar10(int limit) {
    return new CifarSource(CifarVariant.CIFAR10, folder, limit);
  }

  private static void assertProblem(ImageSource source, String message) {
    assertThatThrownBy(source::check)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
