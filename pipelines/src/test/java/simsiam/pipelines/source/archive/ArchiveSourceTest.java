package simsiam.pipelines.source.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.folders.ClassFolders;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.folders.UnlabelledFiles;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

class ArchiveSourceTest {
  private static final String LONG = "long".repeat(40);

  @TempDir Path work;
  @TempDir Path scratch;
  private Path folder;

  @BeforeEach
  void images() {
    folder = work.resolve("birds");
    int seed = 0;
    for (String name :
        List.of(
            "train/crane/1.png",
            "train/crane/2.png",
            "train/crane/deep/3.png",
            "train/tit/ä.png",
            "train/tit/" + LONG + ".png",
            "val/crane/1.png",
            "val/tit/9.png")) {
      Fixtures.write(folder.resolve(name), Fixtures.png(5, 7 + seed, seed++));
    }
    Fixtures.write(folder.resolve("train/crane/.hidden"), new byte[] {1});
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"})
  void anArchiveGivesWhatItsFolderGives(String suffix) {
    Path archive = Packing.pack(work.resolve("a." + suffix), folder, "");
    Path wrapped = Packing.pack(work.resolve("b." + suffix), folder, "birds/");

    for (Path packed : List.of(archive, wrapped)) {
      ImageSource source = source(packed, 0);
      source.check();
      assertThat(source.classNames()).containsExactly("crane", "tit");
      assertThat(source.hasTestSplit()).isTrue();
      assertThat(source.mostTrainImages()).hasValue(5);
      assertThat(images(source)).isEqualTo(images(source(folder, 0)));
      assertThat(digest(source)).isEqualTo(digest(source(folder, 0)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tar.gz"})
  void theFirstImagesAreTheSameAsOfAFolder(String suffix) {
    Path archive = Packing.pack(work.resolve("a." + suffix), folder, "");

    assertThat(images(source(archive, 2))).hasSize(4).isEqualTo(images(source(folder, 2)));
    assertThat(digest(source(archive, 2)))
        .isEqualTo(digest(source(folder, 2)))
        .isNotEqualTo(digest(source(archive, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zip", "tar", "tar.gz"})
  void otherNamesOfSplitsAndWhatIsSkippedAreThoseOfAFolder(String suffix) {
    Path images = work.resolve("images");
    int seed = 0;
    for (String name :
        List.of(
            "Training/crane/1.png",
            "Training/tit/2.png",
            "Testing/tit/3.png",
            "validation/crane/4.png",
            "notes.txt",
            "Training/crane/.x",
            "Training/.thumbs/5.png",
            "Training/stray.png")) {
      Fixtures.write(images.resolve(name), Fixtures.png(5, 5, seed++));
    }
    for (String prefix : List.of("", "images/")) {
      Path archive = Packing.pack(work.resolve("a." + suffix), images, prefix);
      assertThat(images(source(archive, 0))).isEqualTo(images(source(images, 0))).hasSize(3);
      assertThat(digest(source(archive, 0))).isEqualTo(digest(source(images, 0)));
      assertThat(source(archive, 0).listing())
          .usingRecursiveComparison()
          .isEqualTo(source(images, 0).listing());
    }
    assertThat(source(images, 0).listing().skipped()).hasSize(5);
  }

  @Test
  void filesOfZipAndPlainTarAreReadSideBySide() {
    Path many = work.resolve("many");
    for (int i = 0; i < 300; i++) {
      Fixtures.write(many.resolve((i % 2 == 0 ? "a/" : "b/") + i), new byte[] {(byte) i});
    }
    for (String suffix : List.of("zip", "tar")) {
      Path archive = Packing.pack(work.resolve("many." + suffix), many, "");
      assertThat(SourceReading.chunks(source(archive, 0), scratch))
          .extracting(SourceChunk::size)
          .containsExactly(128, 128, 44);
    }
    Path stream = Packing.pack(work.resolve("many.tar.gz"), many, "");
    assertThat(SourceReading.chunks(source(stream, 0), scratch))
        .extracting(SourceChunk::size)
        .containsExactly(300);
  }

  @Test
  void anUnlabelledArchiveHasAllItsFiles() {
    Path archive = Packing.pack(work.resolve("a.zip"), folder, "");
    ImageSource source = new FolderSource("unlabelled_folder", new UnlabelledFiles(archive), 0);

    assertThat(source.classNames()).isEmpty();
    assertThat(SourceReading.ids(source, SourceSplit.UNSPLIT, scratch))
        .hasSize(7)
        .contains("val/tit/9.png");
  }

  @Test
  void aDamagedEntryOfAZipCostsOneImage() throws IOException {
    Path archive = Packing.pack(work.resolve("a.zip"), folder, "");
    ArchiveIndex index = ArchiveIndex.read(archive);
    SourceFile.Packed at = (SourceFile.Packed) index.file("val/tit/9.png").orElseThrow().at();
    byte[] bytes = Files.readAllBytes(archive);
    bytes[(int) (at.offset() + at.packedBytes() / 2)] ^= 1;
    Files.write(archive, bytes);

    List<SourceImage> broken =
        SourceReading.rows(source(archive, 0), scratch).stream()
            .map(SourceReading.Row::image)
            .filter(SourceImage.Unreadable.class::isInstance)
            .toList();
    assertThat(broken)
        .singleElement()
        .satisfies(
            image ->
                assertThat(((SourceImage.Unreadable) image).message())
                    .startsWith("Cannot read image: expected ")
                    .endsWith("(val/tit/9.png)"));
    assertThat(digest(source(archive, 0))).hasSize(64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip"})
  void aCutArchiveIsRefused(String suffix) throws IOException {
    Path archive = Packing.pack(work.resolve("a." + suffix), folder, "");
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length * 2 / 3));

    assertThatThrownBy(() -> source(archive, 0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(
            "Invalid dataset.path: expected a whole archive (%s), got "
                .formatted(suffix.replace('.', '_')))
        .hasMessageEndingWith("(" + archive + ")");
  }

  /**
   * A few bits say nothing, such as the code of a symbol that does not occur. Not so of tar.zst,
   * whose checksum is optional and left out here.
   */
  @ParameterizedTest
  @ValueSource(strings = {"tar.gz", "tar.bz2", "tar.xz"})
  void aWrongByteOfACompressedArchiveIsNoticedOrChangesNothing(String suffix) throws IOException {
    Path archive = Packing.pack(work.resolve("a." + suffix), folder, "");
    Map<String, String> images = images(source(archive, 0));
    byte[] sound = Files.readAllBytes(archive);
    int noticed = 0;
    for (int at = sound.length / 4; at < sound.length * 3 / 4; at += sound.length / 40) {
      byte[] bytes = sound.clone();
      bytes[at] ^= 1;
      Files.write(archive, bytes);
      Throwable problem = catchThrowable(() -> source(archive, 0).check());
      if (problem == null) {
        assertThat(images(source(archive, 0))).as("byte %d", at).isEqualTo(images);
      } else {
        assertThat(problem).as("byte %d", at).isInstanceOf(InvalidConfigException.class);
        noticed++;
      }
    }
    assertThat(noticed).isGreaterThan(15); // of some 20
  }

  @Test
  void aTarCutBetweenTwoFilesIsRefused() throws IOException {
    Path archive = Packing.pack(work.resolve("a.tar"), folder, "");
    SourceFile last = ArchiveIndex.read(archive).file("val/crane/1.png").orElseThrow();
    long end = ((SourceFile.Packed) last.at()).offset() + (last.bytes() + 511) / 512 * 512;
    Files.write(archive, Arrays.copyOf(Files.readAllBytes(archive), (int) end));

    assertThatThrownBy(() -> source(archive, 0).check())
        .hasMessage(
            "Invalid dataset.path: expected a whole archive (tar), got a tar archive without its"
                + " end"
                + " (%s)".formatted(archive));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.png", "/a.png", "a/../../b.png", "a\\..\\b.png", "C:/a.png"})
  void aNameThatLeadsOutIsRefused(String name) {
    for (Path archive : List.of(zip(name), tar(tar -> put(tar, new TarArchiveEntry(name, true))))) {
      assertThatThrownBy(() -> source(archive, 0).check())
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageStartingWith(
              "Invalid dataset.path: expected relative names without '..', got ")
          .hasMessageContaining("(" + archive + ")");
    }
  }

  @Test
  void aNameThatIsThereTwiceIsRefused() {
    Path archive = zip("a/1.png", "./a/1.png");

    assertThatThrownBy(() -> source(archive, 0).check())
        .hasMessage(
            "Invalid dataset.path: expected each file once, got a/1.png twice (%s)"
                .formatted(archive));
  }

  /** Taken for empty files once, as what is no folder is a file to the library that lists them. */
  @ParameterizedTest
  @CsvSource({
    "1, link",
    "2, link",
    "3, device",
    "4, device",
    "6, FIFO",
    "9, entry of unknown type"
  })
  void whatIsNeitherFileNorFolderIsRefused(char type, String what) {
    for (String suffix : List.of("tar", "tar.gz")) {
      for (String name : List.of("a/1.png", "a/1/")) {
        Path archive =
            tar(
                suffix,
                tar -> {
                  TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type);
                  entry.setLinkName("/etc/passwd");
                  put(tar, entry);
                });

        assertThatThrownBy(() -> source(archive, 0).check())
            .isInstanceOf(InvalidConfigException.class)
            .hasMessage(
                "Invalid dataset.path: expected files and folders alone, got %s %s (%s)"
                    .formatted(what, name.replaceAll("/$", ""), archive));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0120777, link",
    "0010644, device or FIFO",
    "0020644, device or FIFO",
    "0060644, device or FIFO",
    "0140644, device or FIFO"
  })
  void whatIsNeitherFileNorFolderInAZipIsRefused(String mode, String what) throws IOException {
    Path archive = work.resolve("odd.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      ZipArchiveEntry entry = new ZipArchiveEntry("a/1.png");
      entry.setUnixMode(Integer.parseInt(mode, 8));
      zip.putArchiveEntry(entry);
      zip.write(1);
      zip.closeArchiveEntry();
    }

    assertThatThrownBy(() -> source(archive, 0).check())
        .hasMessage(
            "Invalid dataset.path: expected files and folders alone, got %s a/1.png (%s)"
                .formatted(what, archive));
  }

  @Test
  void whatIsNoArchiveIsRefused() {
    Path file = Fixtures.write(work.resolve("a.zip"), new byte[] {1, 2, 3});

    assertThatThrownBy(() -> source(file, 0).check())
        .hasMessage(
            "Invalid dataset.path: expected a folder or archive of images (zip, tar, tar.gz,"
                + " tar.bz2, tar.xz, tar.zst), got %s".formatted(file));
  }

  @Test
  void oneThatASingleWorkerMustReadSaysWhatWouldBeBetter() {
    for (String suffix : List.of("tar.gz", "tar.bz2", "tar.xz")) {
      Path archive = Packing.pack(work.resolve("a." + suffix), folder, "");
      assertThat(source(archive, 0).advice().orElseThrow())
          .startsWith(archive + " is compressed as a whole: one worker reads it, from its start;")
          .endsWith("; packed as zip or plain tar, all would");
    }
    for (String suffix : List.of("tar", "zip")) {
      assertThat(source(Packing.pack(work.resolve("a." + suffix), folder, ""), 0).advice())
          .isEmpty();
    }
    assertThat(source(folder, 0).advice()).isEmpty();
  }

  @Test
  void aDigestOfAnArchiveIsRemembered() throws IOException {
    Path archive = Packing.pack(work.resolve("a.tar"), folder, "");
    Path digests = work.resolve("digests");
    DigestCache cache = DigestCache.open(digests, () -> System.currentTimeMillis() + 60_000);
    String before = source(archive, 0).contents(cache).digest();
    cache.save();
    assertThat(digests).as("of two splits").hasSize(25 + 2 * 105);
    assertThat(source(archive, 0).contents(DigestCache.open(digests)).digest()).isEqualTo(before);
  }

  private Map<String, String> images(ImageSource source) {
    Map<String, String> images = new TreeMap<>();
    for (SourceReading.Row row : SourceReading.rows(source, scratch)) {
      SourceImage.Encoded image = (SourceImage.Encoded) row.image();
      images.put(
          row.split() + " " + image.id(), image.label() + " " + Arrays.hashCode(image.bytes()));
    }
    return images;
  }

  private String digest(ImageSource source) {
    return source.contents(DigestCache.open(work.resolve("none"))).digest();
  }

  private static ImageSource source(Path path, int limit) {
    return new FolderSource("image_folder", new ClassFolders(path), limit);
  }

  private Path zip(String... names) {
    Path archive = work.resolve("odd.zip");
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(archive)) {
      for (String name : names) {
        zip.putArchiveEntry(new ZipArchiveEntry(name));
        zip.write(1);
        zip.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }

  private Path tar(Consumer<TarArchiveOutputStream> content) {
    return tar("tar", content);
  }

  private Path tar(String suffix, Consumer<TarArchiveOutputStream> content) {
    Path archive = work.resolve("odd." + suffix);
    try (OutputStream file = Files.newOutputStream(archive);
        OutputStream packed = suffix.equals("tar") ? file : new GZIPOutputStream(file);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(packed)) {
      content.accept(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return archive;
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) {
    try {
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
