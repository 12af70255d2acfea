package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.prepared.PreparedFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.SharedFolder;
import simsiam.pipelines.beam.SharedRecords;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.sets.ImageSources;

class PreprocessPipelineTest {
  @TempDir Path data;
  @TempDir Path output;
  @TempDir Path other;

  @Test
  void preparesEveryImageInSourceOrder() throws IOException {
    Fixtures.cifar10(data, 4);

    PreparedSummary summary = run(source(SourceKind.CIFAR10), raw(0), output, 3);

    assertThat(summary).isEqualTo(PreparedSummary.read(output));
    assertThat(summary.sourceDigest()).isEqualTo(contents(source(SourceKind.CIFAR10)).digest());
    assertThat(summary.imageEncoding()).isEqualTo(ImageEncoding.RAW);
    assertThat(summary.classNames()).contains("airplane");
    assertThat(summary.images()).isEqualTo(Map.of("train", 20L, "test", 4L));
    assertThat(summary.rejects()).isEmpty();
    assertThat(summary.parts())
        .extracting(PreparedSummary.Part::split)
        .containsExactly(
            SourceSplit.TRAIN,
            SourceSplit.TRAIN,
            SourceSplit.TRAIN,
            SourceSplit.TRAIN,
            SourceSplit.TRAIN,
            SourceSplit.TEST);
    List<ImageExample> examples = examples(summary, output);
    assertThat(examples)
        .extracting(ImageExample::id)
        .hasSize(24)
        .startsWith("data_batch_1.bin#0", "data_batch_1.bin#1")
        .endsWith("test_batch.bin#3");
    byte[] batch = Files.readAllBytes(data.resolve("data_batch_1.bin"));
    assertThat(examples.get(1).label()).isEqualTo(1);
    assertThat(examples.get(1).image()[4]).isEqualTo(batch[3073 + 1 + 1024 + 1]);
    assertThat(output.resolve("rejects.jsonl")).isEmptyFile();
  }

  @Test
  void writesTheSameBytesAtAnyParallelism() throws IOException {
    mixedFolder(40);

    run(source(SourceKind.IMAGE_FOLDER), raw(1), output, 1);
    run(source(SourceKind.IMAGE_FOLDER), raw(1), other, 8);

    assertSameFiles(output, other);
  }

  @Test
  void oneBrokenFileCostsOneImage() throws IOException {
    mixedFolder(10);

    PreparedSummary summary = run(source(SourceKind.IMAGE_FOLDER), raw(0.5), output, 2);

    assertThat(summary.images()).isEqualTo(Map.of("unsplit", 20L));
    assertThat(summary.rejects()).isEqualTo(Map.of("empty", 1L, "unsupported_format", 1L));
    List<String> lines = Files.readAllLines(output.resolve("rejects.jsonl"));
    assertThat(lines).hasSize(2);
    JsonNode reject = CanonicalJson.parse(lines.get(1));
    assertThat(reject.get("id").asText()).isEqualTo("dog/broken.png");
    assertThat(reject.get("source").asText()).isEqualTo(data.toString());
    assertThat(reject.get("reason").asText()).isEqualTo("unsupported_format");
    assertThat(reject.get("message").asText()).startsWith("Cannot decode image");
    assertThat(reject.get("bytes").asInt()).isEqualTo(3);
    assertThat(reject.get("sha256").asText()).hasSize(64);
  }

  /** A large file is a chunk of its own, in which there is then no image that could be read. */
  @Test
  void aFileTooLargeForAnImageCostsOneImageInWhateverItLies(@TempDir Path folder)
      throws IOException {
    Fixtures.write(folder.resolve("cat/a.png"), Fixtures.png(6, 5, 1));
    Fixtures.write(folder.resolve("dog/b.png"), Fixtures.png(6, 5, 2));
    try (RandomAccessFile large =
        new RandomAccessFile(folder.resolve("cat/c.png").toFile(), "rw")) {
      large.setLength(150_000_000);
    }
    List<Path> places =
        List.of(
            folder,
            Packing.pack(data.resolve("a.zip"), folder, ""),
            Packing.pack(data.resolve("a.tar"), folder, ""),
            Packing.pack(data.resolve("a.tar.gz"), folder, ""));
    for (Path place : places) {
      DatasetSpec set = DatasetSpec.of(SourceKind.IMAGE_FOLDER, place.toString(), false, 0);
      Path prepared = Files.createTempDirectory(output, "prepared");

      PreparedSummary summary = run(ImageSources.open(set, data), raw(0.5), prepared, 1);

      assertThat(summary.images()).as("%s", place).isEqualTo(Map.of("unsplit", 2L));
      assertThat(summary.rejects()).as("%s", place).isEqualTo(Map.of("too_large", 1L));
      assertThat(prepared.resolve("rejects.jsonl"))
          .content()
          .contains(
              "Cannot read image: expected at most 134217728 bytes, got 150000000 (cat/c.png)");
    }
  }

  /** A damaged entry of an archive that is a chunk by itself says nothing of the storage. */
  @Test
  void oneDamagedImageOfAnArchiveIsAReject() throws IOException {
    Fixtures.write(data.resolve("in/cat/a.png"), Fixtures.png(6, 5, 1));
    Fixtures.write(data.resolve("in/dog/b.png"), Fixtures.png(1700, 1700, 2));
    Path zip = Packing.pack(data.resolve("a.zip"), data.resolve("in"), "");
    byte[] bytes = Files.readAllBytes(zip);
    bytes[bytes.length / 2] ^= 0x55;
    Files.write(zip, bytes);
    DatasetSpec set = DatasetSpec.of(SourceKind.IMAGE_FOLDER, zip.toString(), false, 0);

    PreparedSummary summary = run(ImageSources.open(set, data), raw(0.5), output, 1);

    assertThat(summary.rejects()).isEqualTo(Map.of("unreadable", 1L));
  }

  @Test
  void tooManyRejectsFailTheStageAfterTheyAreWritten() {
    mixedFolder(4);

    assertThatThrownBy(() -> run(source(SourceKind.IMAGE_FOLDER), raw(0.19), output, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot use the images: expected at most 19.0 %% rejected, got 2 of 10 (20.00 %%):"
                    .formatted()
                + " empty 1, unsupported_format 1 (%s)".formatted(output.resolve("rejects.jsonl")));
    assertThat(output.resolve("rejects.jsonl")).isNotEmptyFile();
    assertThat(output.resolve("summary.json")).exists();
  }

  @Test
  void asManyRejectsAsAllowedAreFine() {
    mixedFolder(4);

    assertThat(run(source(SourceKind.IMAGE_FOLDER), raw(0.2), output, 2).rejectCount())
        .isEqualTo(2);
  }

  @Test
  void archivesAreUnpackedForTheRunOnly() throws IOException {
    Fixtures.idx(data, "train", 30, true);
    Fixtures.idx(data, "t10k", 10, true);

    PreparedSummary summary = run(source(SourceKind.MNIST), raw(0), output, 2);

    assertThat(summary.imageCount()).isEqualTo(40);
    try (Stream<Path> files = Files.list(output)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "examples-00000-of-00002.parquet",
              "examples-00001-of-00002.parquet",
              "rejects.jsonl",
              "summary.json");
    }
  }

  @Test
  void tellsProgress() {
    Fixtures.cifar10(data, 4);
    AtomicLong done = new AtomicLong();

    ImageSource source = source(SourceKind.CIFAR10);
    new PreprocessPipeline(source, contents(source), raw(0)).run(output, options(2), done::set);

    assertThat(done).hasValue(24);
  }

  @Test
  void plainPixelsHaveNoOriginalBytes() {
    Fixtures.cifar10(data, 4);
    PreprocessSpec spec = new PreprocessSpec(0, 0, ImageEncoding.ORIGINAL, 0);

    assertThatThrownBy(() -> run(source(SourceKind.CIFAR10), spec, output, 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid preprocess.encoding: expected raw, jpeg or png, as this source holds no image"
                + " files, got original");
  }

  @Test
  void aBadSourceFailsBeforeAnythingIsWritten() {
    assertThatThrownBy(() -> run(source(SourceKind.CIFAR10), raw(0), output, 1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("data_batch_1.bin");
    assertThat(output).isEmptyDirectory();
  }

  @Test
  void aWorkersErrorIsTheFirstThingSaid(
      @TempDir(cleanup = CleanupMode.NEVER) Path busy) // where the other worker may still write
      throws IOException {
    Fixtures.cifar10(data, 4);
    Files.createDirectories(busy.resolve("examples-00002-of-00006.parquet/in the way"));

    assertThatThrownBy(() -> run(source(SourceKind.CIFAR10), raw(0), busy, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot write %s: ".formatted(busy.resolve("examples-00002-of-00006.parquet")));
  }

  @Test
  void functionsAreSerializable() throws IOException {
    SharedFolder shared = SharedFolder.mark(output);
    assertThat(
            SerializableUtils.ensureSerializable(
                new PrepareChunk(
                    output,
                    shared,
                    SharedRecords.write(shared, "tasks", ChunkTask.class, List.of()),
                    new PreprocessSpec(1, 2, ImageEncoding.PNG, 0.5))))
        .isNotNull();
    assertThat(
            SerializableUtils.ensureSerializable(
                new WriteSummary(
                    output,
                    shared,
                    SharedRecords.write(shared, "source", WriteSummary.Source.class, List.of()))))
        .isNotNull();
  }

  /** Two classes of n good images each, an empty file and one that is no image. */
  private void mixedFolder(int imagesOfClass) {
    for (int i = 0; i < imagesOfClass; i++) {
      Fixtures.write(data.resolve("cat/%s.png".formatted(i)), Fixtures.png(6, 5, i));
      Fixtures.write(data.resolve("dog/%s.png".formatted(i)), Fixtures.png(4, 8, -i - 1));
    }
    Fixtures.write(data.resolve("cat/broken.png"), new byte[0]);
    Fixtures.write(data.resolve("dog/broken.png"), new byte[] {1, 2, 3});
  }

  private static List<ImageExample> examples(PreparedSummary summary, Path folder) {
    List<ImageExample> examples = new ArrayList<>();
    for (PreparedSummary.Part part : summary.parts()) {
      try (PreparedFile.Examples file = new PreparedFile.Examples(folder.resolve(part.file()))) {
        file.forEach(examples::add);
      }
    }
    return examples;
  }

  private static void assertSameFiles(Path expected, Path actual) throws IOException {
    try (Stream<Path> left = Files.list(expected);
        Stream<Path> right = Files.list(actual)) {
      List<Path> files = left.toList();
      assertThat(right.map(Path::getFileName))
          .containsExactlyInAnyOrderElementsOf(files.stream().map(Path::getFileName).toList());
      for (Path file : files) {
        assertThat(actual.resolve(file.getFileName())).hasSameBinaryContentAs(file);
      }
    }
  }

  private ImageSource source(SourceKind kind) {
    return ImageSources.open(DatasetSpec.of(kind, data.toString(), false, 0), data);
  }

  private static PreprocessSpec raw(double maxRejectFraction) {
    return new PreprocessSpec(0, 0, ImageEncoding.RAW, maxRejectFraction);
  }

  private SourceContents contents(ImageSource source) {
    return source.contents(DigestCache.open(other.resolve("none")));
  }

  private PreparedSummary run(
      ImageSource source, PreprocessSpec spec, Path folder, int parallelism) {
    return new PreprocessPipeline(source, contents(source), spec)
        .run(folder, options(parallelism), done -> {});
  }

  /** The Direct runner with all its checks. */
  private static DirectOptions options(int parallelism) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setTargetParallelism(parallelism);
    return options;
  }
}
