package simsiam.pipelines.source.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceSplit;

class ParquetSourceTest {
  private static final String TRAIN = "train-00000-of-00002.parquet";

  @TempDir Path scratch;

  @Test
  void splitsClassesAndRowsAreThoseOfTheLibraryThatWroteThem() {
    ImageSource source = new ParquetSource(hub(), 0, "");

    source.check();
    assertThat(source.classNames()).containsExactly("cat", "emu", "yak");
    assertThat(source.hasTestSplit()).isTrue();
    assertThat(source.mostTrainImages()).hasValue(9);
    List<SourceReading.Row> rows = SourceReading.rows(source, scratch);
    assertThat(rows).hasSize(12);
    assertThat(rows.get(6).image().id()).isEqualTo(TRAIN + "#6");
    assertThat(rows.get(8).image().id()).isEqualTo("train-00001-of-00002.parquet#1");
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).split()).isEqualTo(i < 9 ? SourceSplit.TRAIN : SourceSplit.TEST);
      assertThat(rows.get(i).image().label()).isEqualTo(i % 3);
      assertThat(decoded(rows.get(i)).pixels()).isEqualTo(expected(i));
    }
  }

  @Test
  void eachRowGroupIsAChunk() {
    assertThat(SourceReading.chunks(new ParquetSource(hub(), 0, ""), scratch))
        .extracting(SourceChunk::size)
        .containsExactly(3, 3, 1, 2, 3);
    assertThat(SourceReading.chunks(new ParquetSource(hub(), 4, ""), scratch))
        .extracting(SourceChunk::size)
        .containsExactly(3, 1, 3);
    assertThat(new ParquetSource(hub(), 4, "").mostTrainImages()).hasValue(4);
  }

  /** As CIFAR-100 on the Hub, which has two. */
  @Test
  void theColumnOfLabelsCanBeNamed() throws IOException {
    Path file = scratch.resolve("a.parquet");
    ParquetFixture.write(
        file,
        Map.of(
            "huggingface",
            "{\"info\":{\"features\":{\"img\":{\"_type\":\"Image\"},"
                + "\"fine_label\":{\"names\":[\"a\",\"b\"],\"_type\":\"ClassLabel\"},"
                + "\"coarse_label\":{\"names\":[\"A\",\"B\"],\"_type\":\"ClassLabel\"}}}}"),
        "optional group img { optional binary bytes; }",
        "optional int64 fine_label;",
        "optional int64 coarse_label;",
        "optional binary note (STRING);");

    assertThat(new ParquetSource(file, 0, "").classNames()).containsExactly("a", "b");
    assertThat(new ParquetSource(file, 0, "coarse_label").classNames()).containsExactly("A", "B");
    for (String column : List.of("note", "corse_label")) {
      assertThatThrownBy(() -> new ParquetSource(file, 0, column).check())
          .hasMessage(
              "Invalid dataset.label_column: expected a column of whole numbers, such as fine_label,"
                  + " coarse_label (%s), got %s".formatted(file, column));
    }
  }

  @Test
  void aSingleFileHasNoSplits() {
    ImageSource source = new ParquetSource(hub().resolve(TRAIN), 0, "");

    assertThat(source.hasTestSplit()).isFalse();
    assertThat(SourceReading.rows(source, scratch))
        .hasSize(7)
        .allMatch(row -> row.split() == SourceSplit.UNSPLIT);
  }

  @Test
  void validationImagesComeBeforeTestImagesAndFoldersNameSplitsToo() throws IOException {
    Path root = Files.createDirectories(scratch.resolve("set"));
    copy(TRAIN, root.resolve("default/train/0000.parquet"));
    copy("test-00000-of-00001.parquet", root.resolve("default/test/0000.parquet"));
    copy("train-00001-of-00002.parquet", root.resolve("default/validation/0000.parquet"));

    assertThat(SourceReading.ids(new ParquetSource(root, 0, ""), SourceSplit.TEST, scratch))
        .containsExactly("default/validation/0000.parquet#0", "default/validation/0000.parquet#1");
  }

  @Test
  void aCutFileIsNamed() throws IOException {
    Path file = scratch.resolve("a.parquet");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(hub().resolve(TRAIN)), 2000));

    assertThatThrownBy(() -> new ParquetSource(file, 0, "").check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(
            "Invalid dataset.path: expected a Parquet file of images, got Cannot read a.parquet:"
                + " expected a whole Parquet file, got one that fails with")
        .hasMessageEndingWith("(" + file + ")");
  }

  @Test
  void aFileWithoutImagesIsNamed() {
    Path file = resource("/source/list.parquet");

    assertThatThrownBy(() -> new ParquetSource(file, 0, "").check())
        .hasMessage(
            "Invalid dataset.path: expected one image column {bytes, path}, got 0 (%s)"
                .formatted(file));
  }

  @Test
  void theDigestIsOfTheFilesAloneButWhereARowIsWebp() {
    assertThat(digest(hub().resolve(TRAIN))).isEqualTo(ofFile(hub().resolve(TRAIN)));
    Path webp = resource("/source/webp.parquet");
    assertThat(digest(webp)).isNotEqualTo(ofFile(webp));

    DigestCache cache = DigestCache.open(scratch.resolve("cache"));
    String digest = new ParquetSource(webp, 0, "").contents(cache).digest();
    cache.save();
    assertThat(
            new ParquetSource(webp, 0, "")
                .contents(DigestCache.open(scratch.resolve("cache")))
                .digest())
        .isEqualTo(digest);
  }

  private String digest(Path file) {
    return new ParquetSource(file, 0, "")
        .contents(DigestCache.open(scratch.resolve("none")))
        .digest();
  }

  private String ofFile(Path file) {
    return SourceDigest.of(
            "hf_parquet",
            List.of("cat", "emu", "yak"),
            List.of(Directories.file(file)),
            DigestCache.open(scratch.resolve("none")))
        .digest();
  }

  @Test
  void aFolderWithoutFilesIsNamed() {
    assertThatThrownBy(() -> new ParquetSource(scratch, 0, "").check())
        .hasMessage(
            "Invalid dataset.path: expected Parquet files, got none (%s)".formatted(scratch));
  }

  @Test
  void aListOfPathsMayBeParquet() throws IOException {
    Fixtures.write(scratch.resolve("a.png"), Fixtures.png(3, 3, 1));
    Fixtures.write(scratch.resolve("b/c.png"), Fixtures.png(3, 3, 2));
    Path list = Files.copy(resource("/source/list.parquet"), scratch.resolve("list.parquet"));
    ImageSource source = new FolderSource("image_list", new ImageList(list), 0);

    assertThat(source.classNames()).containsExactly("0", "1");
    assertThat(SourceReading.rows(source, scratch))
        .extracting(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .containsExactly("TRAIN a.png 1", "TEST b/c.png 0");
  }

  @Test
  void aPathOfAParquetListThatIsMissingIsNamedByRow() throws IOException {
    Path list = Files.copy(resource("/source/list.parquet"), scratch.resolve("list.parquet"));

    assertThat(new FolderSource("image_list", new ImageList(list), 0).listing().missing())
        .extracting(SourceImage.Unreadable::message)
        .contains(
            "Cannot read image: expected a file, got none (%s, row 0) (a.png)".formatted(list));
  }

  @ParameterizedTest
  @CsvSource({
    "Training-0.parquet, Testing-0.parquet",
    "train/0.parquet, eval/0.parquet",
    "mnist-train.parquet, mnist-test.parquet",
  })
  void splitsMayHaveTheirOtherNames(String train, String test) throws IOException {
    Path root = Files.createDirectories(scratch.resolve("set"));
    copy(TRAIN, root.resolve(train));
    copy("test-00000-of-00001.parquet", root.resolve(test));

    assertThat(SourceReading.ids(new ParquetSource(root, 0, ""), SourceSplit.TEST, scratch))
        .containsExactly(test + "#0", test + "#1", test + "#2");
  }

  @ParameterizedTest
  @CsvSource({"extra.parquet, train.parquet", "test.parquet, validation.parquet"})
  void splitsWithoutTheOneToTrainOrTestOnAreRefused(String first, String second)
      throws IOException {
    Path root = Files.createDirectories(scratch.resolve("set"));
    copy(TRAIN, root.resolve(first));
    copy(TRAIN, root.resolve(second));

    assertThatThrownBy(() -> new ParquetSource(root, 0, "").check())
        .hasMessage(
            "Invalid dataset.path: expected names of files or folders that say a split, train"
                + " (training), val (valid, validation, dev), test (testing, eval, evaluation), one"
                + " to train on among them, or none that does, got %s, %s (%s)"
                    .formatted(first, second, root));
  }

  @Test
  void otherFilesOfAFolderAreToldOfAndMissingOnesRefused() throws IOException {
    Path root = Files.createDirectories(scratch.resolve("set"));
    copy(TRAIN, root.resolve("train.parquet"));
    copy(TRAIN, root.resolve("val.parquet"));
    copy(TRAIN, root.resolve("test.parquet"));
    Fixtures.write(root.resolve("README.md"), new byte[] {1});
    Fixtures.write(root.resolve(".cache/x.parquet"), new byte[] {1});

    assertThat(new ParquetSource(root, 0, "").listing().skipped())
        .extracting(file -> file.reason() + " " + file.name())
        .containsExactly("hidden .cache/", "not_used README.md", "not_used test.parquet");
    Files.createSymbolicLink(root.resolve("train-2.parquet"), Path.of("gone"));
    assertThatThrownBy(() -> new ParquetSource(root, 0, "").check())
        .hasMessage(
            "Invalid dataset.path: expected Parquet files that can be read, got train-2.parquet:"
                + " expected a file, got a link to gone, which leads nowhere (%s)".formatted(root));
  }

  @Test
  void aCodecThatIsNotThereIsNamedBeforeAnyWork() throws IOException {
    Path file = copy(TRAIN, scratch.resolve("train-brotli.parquet"));
    ParquetFixture.footer(
        file,
        footer ->
            footer
                .getRow_groups()
                .forEach(
                    group ->
                        group
                            .getColumns()
                            .forEach(
                                column ->
                                    column.getMeta_data().setCodec(CompressionCodec.BROTLI))));

    assertThatThrownBy(() -> new ParquetSource(file, 0, "").check())
        .hasMessage(
            "Invalid dataset.path: expected a Parquet file of images, got Cannot read"
                + " train-brotli.parquet: expected compression by UNCOMPRESSED, SNAPPY, GZIP, ZSTD,"
                + " LZ4_RAW, got column image.bytes by BROTLI (%s)".formatted(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optional float label",
        "optional double label",
        "optional boolean label",
        "optional int32 label (DATE)",
        "optional int64 label (TIMESTAMP(MILLIS,true))",
        "optional binary label (STRING)",
        "optional group label (LIST) { repeated group list { optional int64 element; } }",
        "optional group label { optional int64 id; }",
        "repeated int64 label",
      })
  void aColumnOfLabelsThatCannotBeSomeIsRefused(String type) throws IOException {
    Path file = scratch.resolve("a.parquet");
    ParquetFixture.write(
        file,
        "optional group image { optional binary bytes; }",
        type.endsWith("}") ? type : type + ";");

    assertThatThrownBy(() -> new ParquetSource(file, 0, "").check())
        .hasMessageContaining("expected whole numbers in column label, one class an image, got ")
        .hasMessageContaining(type.split(" ", -1)[1])
        .hasMessageEndingWith("(%s)".formatted(file));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optional double label;",
        "optional int32 label (DATE);",
        "optional group label (LIST) { repeated group list { optional int64 element; } }",
      })
  void soIsThatOfAList(String type) throws IOException {
    Path file = scratch.resolve("list.parquet");
    ParquetFixture.write(file, "optional binary path (STRING);", type);

    assertThatThrownBy(() -> new FolderSource("image_list", new ImageList(file), 0).check())
        .hasMessageContaining("expected text or whole numbers in column label, got optional ")
        .hasMessageEndingWith("(%s)".formatted(file));
  }

  @Test
  void minusOneForAllOfASplitIsKnownBeforeItIsRead() throws IOException {
    Path root = Files.createDirectories(scratch.resolve("set"));
    copy(TRAIN, root.resolve("train.parquet"));
    Path test = copy("test-00000-of-00001.parquet", root.resolve("test.parquet"));
    assertThat(new ParquetSource(root, 0, "").listing().splits())
        .noneMatch(SourceListing.Split::withoutLabels);
    ParquetFixture.footer(
        test,
        footer ->
            footer
                .getRow_groups()
                .forEach(group -> group.getColumns().forEach(ParquetFixture::onlyMinusOne)));

    assertThat(new ParquetSource(root, 0, "").listing().splits())
        .extracting(SourceListing.Split::withoutLabels)
        .containsExactly(false, true);
  }

  private static byte[] expected(int image) {
    byte[] pixels = new byte[5 * 4 * 3];
    for (int j = 0; j < pixels.length; j++) {
      pixels[j] = (byte) (j + image);
    }
    return pixels;
  }

  private static RgbImage decoded(SourceReading.Row row) {
    SourceImage.Encoded image = (SourceImage.Encoded) row.image();
    try {
      return new ImageDecoder().decode(image.bytes(), image.id());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Path copy(String name, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    return Files.copy(hub().resolve(name), to);
  }

  private static Path hub() {
    return resource("/source/hf");
  }

  private static Path resource(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ParquetSourceTest.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(name, e);
    }
  }
}
