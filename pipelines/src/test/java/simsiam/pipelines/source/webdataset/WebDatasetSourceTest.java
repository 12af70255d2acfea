package simsiam.pipelines.source.webdataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.data.ImageEncoding;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.sets.ImageSources;

class WebDatasetSourceTest {
  @TempDir private Path folder;
  @TempDir private Path scratch;

  /** A shard of files with their texts. */
  private Path shard(String name, String... namesAndTexts) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(tar(name.endsWith("gz"), namesAndTexts));
    }
    return file;
  }

  private static byte[] tar(boolean gzipped, String... namesAndTexts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = gzipped ? new GZIPOutputStream(bytes) : bytes;
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        byte[] content = namesAndTexts[i + 1].getBytes(StandardCharsets.ISO_8859_1);
        TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i], true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String png(int seed) {
    return new String(Fixtures.png(6, 7, seed), StandardCharsets.ISO_8859_1);
  }

  private WebDatasetSource source(String path, int limit, String labelKey) {
    return new WebDatasetSource(folder.resolve(path), limit, labelKey);
  }

  private List<String> rows(ImageSource source) {
    return SourceReading.rows(source, scratch).stream()
        .map(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .toList();
  }

  private void refused(WebDatasetSource source, String... parts) {
    assertThatThrownBy(source::check)
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void classesAreNumbersByValueAndOneChunkAShard() throws IOException {
    shard("a-000.tar", "0001.jpg", "x", "0001.cls", "10\n", "./0002.jpg", "y", "./0002.cls", "9");
    shard("a-001.tar.gz", "in/0003.cls", "9", "in/0003.jpg", "z", "0004.png", "w");
    ImageSource source = source("", 0, "");

    assertThat(source.classNames()).containsExactly("9", "10");
    assertThat(rows(source))
        .containsExactly(
            "UNSPLIT a-000.tar/0001.jpg 1",
            "UNSPLIT a-000.tar/0002.jpg 0",
            "UNSPLIT a-001.tar.gz/in/0003.jpg 0",
            "UNSPLIT a-001.tar.gz/0004.png -1");
    assertThat(SourceReading.chunks(source, scratch)).hasSize(2);
    SourceListing.Split split = source.listing().splits().get(0);
    assertThat(split.from()).isEqualTo("a-000.tar to a-001.tar.gz (2 shards)");
    assertThat(split.images()).hasValue(4);
    assertThat(split.classCounts()).containsExactly(2L, 1L);
    assertThat(split.unlabelled()).hasValue(1);
    SourceImage image = SourceReading.rows(source, scratch).get(2).image();
    assertThat(((SourceImage.Encoded) image).bytes()).containsExactly('z');
  }

  @Test
  void theFirstImagesOfEachSplitAreThoseOfItsFirstShards() throws IOException {
    shard("train-0.tar", "1.jpg", "x", "1.cls", "cat", "2.jpg", "y", "2.cls", "dog");
    shard("train-1.tar", "3.jpg", "x", "3.cls", "cat", "4.jpg", "y", "4.cls", "dog");
    shard("val/0.tar", "5.jpg", "x", "5.cls", "cat");
    shard("test/0.tar", "6.jpg", "x", "6.cls", "cat");
    ImageSource source = source("", 3, "");

    assertThat(rows(source))
        .containsExactly(
            "TRAIN train-0.tar/1.jpg 0",
            "TRAIN train-0.tar/2.jpg 1",
            "TRAIN train-1.tar/3.jpg 0",
            "TEST val/0.tar/5.jpg 0");
    assertThat(source.listing().splits().get(0).images()).hasValue(3);
    assertThat(source.listing().skipped())
        .extracting(file -> file.name() + " " + file.reason())
        .containsExactly("test/0.tar not_used");
  }

  @Test
  void labelsMayBeUnderAKeyOfJson() throws IOException {
    shard(
        "0.tar",
        "1.jpg",
        "x",
        "1.json",
        "{\"label\": \"dog\", \"id\": 7}",
        "1.txt",
        "a dog",
        "2.jpg",
        "x",
        "2.json",
        "{\"label\": \"cat\", \"id\": 8}",
        "2.cls",
        "5",
        "3.jpg",
        "x",
        "3.json",
        "{\"id\": 9}",
        "4.jpg",
        "x",
        "4.json",
        "{\"label\": [1], \"id\": 1}",
        "5.jpg",
        "x",
        "5.json",
        "{\"label\": ");

    assertThat(source("", 0, "label").classNames()).containsExactly("cat", "dog");
    assertThat(SourceReading.rows(source("", 0, "label"), scratch))
        .extracting(row -> row.image().label())
        .containsExactly(1, 0, -1, -1, -1);
    assertThat(SourceReading.rows(source("", 0, "label"), scratch).get(3).image())
        .isEqualTo(
            new SourceImage.Unreadable(
                "0.tar/4.jpg",
                -1,
                "bad_label",
                "Cannot read image: expected text or a whole number under label, got [1] (0.tar/4.jpg)"));
    assertThat(source("", 0, "id").classNames()).containsExactly("1", "7", "8", "9");
  }

  @Test
  void aFileOfClassNamesFixesThem() throws IOException {
    shard("0.tar", "1.jpg", "x", "1.cls", "2", "2.jpg", "x", "2.cls", "cat");
    Files.writeString(folder.resolve("class_names.txt"), "dog\ncat\nbird\n");

    assertThat(rows(source("", 0, "")))
        .containsExactly("UNSPLIT 0.tar/1.jpg 2", "UNSPLIT 0.tar/2.jpg 1");
    assertThat(source("", 0, "").listing().skipped()).isEmpty();

    shard("1.tar", "1.jpg", "x", "1.cls", "horse");
    refused(source("", 0, ""), "a class name or a number from 0 to 2", "'horse'");
  }

  @Test
  void withoutLabelsThereAreNoClasses() throws IOException {
    shard("0.tar", "1.jpg", "x", "1.txt", "a caption", "2.jpg", "y");

    assertThat(source("", 0, "").classNames()).isEmpty();
    assertThat(rows(source("", 0, "")))
        .containsExactly("UNSPLIT 0.tar/1.jpg -1", "UNSPLIT 0.tar/2.jpg -1");
  }

  @Test
  void badSamplesAreRejectsOfTheirOwnAndTheOthersAreRead() throws IOException {
    shard(
        "0.tar",
        "1.cls",
        "0",
        "2.jpg",
        "x",
        "2.png",
        "y",
        "2.cls",
        "1",
        "3.jpg",
        png(3),
        "3.cls",
        "0",
        ".hidden",
        "x",
        "README",
        "x",
        "a/._3.jpg",
        "x",
        "4.seg.png",
        "no image of its own, as the extension is seg.png");
    PreparedSummary summary =
        prepare(
            DatasetSpec.of(SourceKind.WEBDATASET, folder.toString(), false, 0),
            folder.resolve("out"));

    assertThat(summary.images()).isEqualTo(Map.of("unsplit", 1L));
    assertThat(summary.rejects()).isEqualTo(Map.of("no_image", 2L, "two_images", 1L));
    assertThat(Files.readString(folder.resolve("out/rejects.jsonl")))
        .contains("expected one image, got 2.jpg and 2.png (0.tar/2.jpg)")
        .contains("expected an image, got none (0.tar/1)");
  }

  private PreparedSummary prepare(DatasetSpec spec, Path output) throws IOException {
    ImageSource source = ImageSources.open(spec, folder);
    SourceContents contents = source.contents(DigestCache.open(scratch.resolve("none")));
    return new PreprocessPipeline(
            source, contents, new PreprocessSpec(0, 0, ImageEncoding.RAW, 0.9))
        .run(Files.createDirectories(output), PipelineOptionsFactory.create(), n -> {});
  }

  @Test
  void aPatternNamesItsShardsAllOfWhichMustBeThere() throws IOException {
    for (int i = 8; i <= 10; i++) {
      shard("%s/b-0%s.tar".formatted("set", i < 10 ? "0" + i : i), i + ".jpg", "x");
    }
    shard("set/other.tar", "1.jpg", "x");
    WebDatasetSource source = source("set/b-{008..010}.tar", 0, "");

    assertThat(rows(source))
        .containsExactly(
            "UNSPLIT b-008.tar/8.jpg -1",
            "UNSPLIT b-009.tar/9.jpg -1",
            "UNSPLIT b-010.tar/10.jpg -1");
    Files.delete(folder.resolve("set/b-009.tar"));
    refused(
        source("set/b-{008..010}.tar", 0, ""),
        "all shards of b-{008..010}.tar",
        "no " + folder.resolve("set/b-009.tar"));
    refused(source("set/b-{010,010}.tar", 0, ""), "each shard once", "b-010.tar twice");
  }

  @Test
  void aShardThatIsCutOrDamagedIsRefusedByName() throws IOException {
    shard("0.tar", "1.jpg", "x", "1.cls", "0");
    byte[] whole = tar(false, "2.jpg", "y".repeat(2_000), "2.cls", "1");
    for (int bytes : new int[] {700, 1_024, 3_000, 3_584}) {
      Files.write(folder.resolve("1.tar"), Arrays.copyOf(whole, bytes));

      refused(source("", 0, ""), "a whole archive (tar)", folder.resolve("1.tar").toString());
    }
    byte[] gzipped = tar(true, "2.jpg", png(1).repeat(20), "2.cls", "1");
    Files.write(folder.resolve("1.tar"), Arrays.copyOf(gzipped, gzipped.length - 9));
    refused(source("", 0, ""), "a whole archive (tar_gz)", folder.resolve("1.tar").toString());
    Files.writeString(folder.resolve("1.tar"), "no archive");
    refused(
        source("", 0, ""), "a tar archive, compressed or not", folder.resolve("1.tar").toString());
  }

  @Test
  void namesThatLeadOutAndLinksAreRefused() throws IOException {
    for (String name : List.of("../1.jpg", "a/../../1.jpg", "/etc/1.jpg", "c:\\1.jpg")) {
      shard("0.tar", name, "x");

      refused(source("", 0, ""), "relative names without '..'", name);
    }
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(Files.newOutputStream(folder.resolve("0.tar")))) {
      TarArchiveEntry link = new TarArchiveEntry("1.jpg", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    refused(source("", 0, ""), "files and folders alone", "link 1.jpg");
  }

  @Test
  void aSampleInTwoPiecesIsRefused() throws IOException {
    shard("0.tar", "1.jpg", "x", "2.jpg", "y", "1.cls", "0");

    refused(source("", 0, ""), "the files of each sample side by side", "1 again");
  }

  @Test
  void emptyPlacesAreRefused() throws IOException {
    refused(source("", 0, ""), "shards (.tar)", "none");
    refused(source("nowhere", 0, ""), "a folder of shards (.tar), or their names");
    shard("0.tar");
    refused(source("", 0, ""), "a tar archive, compressed or not", "0.tar");
  }
}
