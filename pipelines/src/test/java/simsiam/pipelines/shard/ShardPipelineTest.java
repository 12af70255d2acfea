package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ChannelStatistics;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardReader;
import simsiam.model.data.ShardedSplit;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.shard.keys.OrderKey;
import simsiam.pipelines.source.listing.SourceSplit;

class ShardPipelineTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "emu");

  @TempDir Path input;
  @TempDir Path output;
  @TempDir Path other;

  @Test
  void ordersEachSplitByTheSaltedHashOfTheId() {
    List<ImageExample> train = examples("a", 200, 1);
    List<ImageExample> test = examples("b", 50, 1_000);
    new PreparedSet(input)
        .part(SourceSplit.TRAIN, train.subList(0, 90))
        .part(SourceSplit.TRAIN, train.subList(90, 200))
        .part(SourceSplit.TEST, test)
        .commit(CLASSES);

    Manifest manifest = run(spec(4, 0), output, 2);

    assertThat(read(manifest, "train"))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(sorted(train));
    assertThat(read(manifest, "test"))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(sorted(test));
    assertThat(manifest.split("train").shards())
        .extracting(WrittenFile::file)
        .containsExactly(
            "train-00000-of-00004.parquet",
            "train-00001-of-00004.parquet",
            "train-00002-of-00004.parquet",
            "train-00003-of-00004.parquet");
    assertThat(manifest.split("train").shards())
        .allSatisfy(shard -> assertThat(shard.rows()).isBetween(30L, 70L));
  }

  @Test
  void theManifestTellsWhatTheSetHolds() {
    List<ImageExample> train = examples("a", 200, 1);
    new PreparedSet(input).part(SourceSplit.TRAIN, train).commit(CLASSES);

    Manifest manifest = run(spec(2, 0), output, 2);

    assertThat(manifest).isEqualTo(Manifest.read(output));
    assertThat(manifest.fingerprint()).isEqualTo("f00d");
    assertThat(manifest.sourceFingerprint()).isEqualTo("50u4ce");
    assertThat(manifest.imageEncoding()).isEqualTo(ImageEncoding.RAW);
    assertThat(manifest.classNames()).isEqualTo(CLASSES);
    assertThat(manifest.rejects()).isEqualTo(Map.of("empty", 2L));
    assertThat(manifest.config()).isEqualTo(CanonicalJson.tree(Map.of("salt", "pepper")));
    assertThat(manifest.splits()).containsOnlyKeys("train");
    Manifest.Split split = manifest.split("train");
    assertThat(split.rows()).isEqualTo(200);
    assertThat(split.classCounts()).containsExactly(100L, 100L, 0L);
    assertThat(split.unlabelled()).isZero();
    assertThat(split.bytes())
        .isEqualTo(split.shards().stream().mapToLong(WrittenFile::bytes).sum());
    ChannelSums sums =
        train.stream()
            .map(example -> ChannelSums.of(example.image()))
            .reduce(ChannelSums.ZERO, ChannelSums::plus);
    assertThat(manifest.trainChannels()).isEqualTo(ChannelStatistics.of(sums));
    for (WrittenFile shard : split.shards()) {
      ShardedSplit.verify(output, shard);
    }
  }

  /** An image counts for every class that it shows; copies under other label sets conflict. */
  @Test
  void imagesMayShowSeveralClasses() {
    LabelSpace space =
        LabelSpace.of(
            CLASSES,
            List.of(
                new LabelSet(List.of(), List.of()),
                new LabelSet(List.of(0, 1), List.of(2)),
                new LabelSet(List.of(1), List.of())));
    List<ImageExample> train = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      train.add(PreparedSet.example("a" + i, i % 4 - 1, i));
    }
    train.add(PreparedSet.example("copy", 2, 1));
    new PreparedSet(input).part(SourceSplit.TRAIN, train).commit(space);

    Manifest manifest = run(spec(2, 0), output, 2);

    assertThat(manifest.labelSpace()).isEqualTo(space);
    assertThat(manifest).isEqualTo(Manifest.read(output));
    assertThat(manifest.split("train").rows()).isEqualTo(40);
    assertThat(manifest.split("train").classCounts()).containsExactly(10L, 20L, 0L);
    assertThat(manifest.split("train").unlabelled()).isEqualTo(10);
    assertThat(read(manifest, "train"))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(sorted(train.subList(0, 40)));
    assertThat(ShardCheck.damage(output, rows -> {})).isEmpty();
    try {
      LabelConflicts conflicts = LabelConflicts.of(output, manifest);
      assertThat(conflicts.examples())
          .extracting(Object::toString)
          .containsExactly("copy (%s) is a1 ((none))".formatted(CLASSES.get(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void footersTellWhatAShardIs() {
    new PreparedSet(input)
        .part(SourceSplit.TRAIN, examples("a", 20, 1))
        .part(SourceSplit.TEST, examples("b", 20, 100))
        .commit(CLASSES);

    run(spec(2, 0), output, 2);

    try (ShardReader reader = new ShardReader(output.resolve("test-00001-of-00002.parquet"))) {
      assertThat(reader.footer())
          .isEqualTo(new ShardFooter(ImageEncoding.RAW, "test", CLASSES, 1, 2, "pepper", "f00d"));
    }
  }

  @Test
  void writesTheSameBytesAtAnyParallelism() throws IOException {
    PreparedSet set = new PreparedSet(input);
    for (int part = 0; part < 12; part++) {
      set.part(SourceSplit.UNSPLIT, examples("p" + part + "-", 60, 100L * part));
    }
    set.part(SourceSplit.UNSPLIT, examples("copies", 30, 0)).commit(CLASSES);

    run(spec(5, 0.2), output, 1);
    run(spec(5, 0.2), other, 8);

    List<String> names = names(output);
    assertThat(names).hasSize(12).isEqualTo(names(other));
    for (String name : names) {
      assertThat(other.resolve(name)).hasSameBinaryContentAs(output.resolve(name));
    }
  }

  @Test
  void keepsTheSmallestIdOfEqualImages() throws IOException {
    new PreparedSet(input)
        .part(
            SourceSplit.TRAIN,
            List.of(
                PreparedSet.example("c", 0, 1),
                PreparedSet.example("b", 1, 1),
                PreparedSet.example("x", 0, 2)))
        .part(SourceSplit.TRAIN, List.of(PreparedSet.example("d", 2, 1)))
        .part(
            SourceSplit.TEST,
            List.of(PreparedSet.example("t2", 1, 3), PreparedSet.example("t1", 1, 3)))
        .commit(CLASSES);

    Manifest manifest = run(spec(1, 0), output, 2);

    assertThat(ids(manifest, "train")).containsExactlyInAnyOrder("b", "x");
    assertThat(ids(manifest, "test")).containsExactly("t1");
    assertThat(manifest.duplicates()).isEqualTo(new Manifest.Duplicates(2, 1, 0, List.of()));
    assertThat(manifest.split("train").classCounts()).containsExactly(1L, 1L, 0L);
    assertThat(Files.readAllLines(output.resolve("duplicates.jsonl")))
        .containsExactly(
            line("c", "train", 0, "b", "train", 1),
            line("d", "train", 2, "b", "train", 1),
            line("t2", "test", 1, "t1", "test", 1));
  }

  @Test
  void anImageOfBothSplitsStaysInTestAlone() throws IOException {
    new PreparedSet(input)
        .part(
            SourceSplit.TRAIN,
            List.of(
                PreparedSet.example("a", 0, 1),
                PreparedSet.example("b", 0, 1),
                PreparedSet.example("c", 0, 2)))
        .part(SourceSplit.TEST, List.of(PreparedSet.example("z", 1, 1)))
        .commit(CLASSES);

    Manifest manifest = run(spec(1, 0), output, 2);

    assertThat(ids(manifest, "train")).containsExactly("c");
    assertThat(ids(manifest, "test")).containsExactly("z");
    assertThat(manifest.duplicates())
        .isEqualTo(
            new Manifest.Duplicates(
                0, 0, 2, List.of(new Manifest.Pair("a", "z"), new Manifest.Pair("b", "z"))));
    assertThat(manifest.trainChannels().pixels()).isEqualTo(12);
    assertThat(Files.readAllLines(output.resolve("duplicates.jsonl")))
        .containsExactly(
            line("a", "train", 0, "z", "test", 1), line("b", "train", 0, "z", "test", 1));
  }

  @Test
  void splitsByAHashOfTheIdWhereTheSourceHasNoSplit() {
    List<ImageExample> all = examples("a", 400, 1);
    new PreparedSet(input).part(SourceSplit.UNSPLIT, all).commit(CLASSES);

    Manifest manifest = run(spec(1, 0.25), output, 2);

    List<String> expected =
        all.stream()
            .map(ImageExample::id)
            .filter(id -> OrderKey.inTest("pepper", id, 0.25))
            .toList();
    assertThat(expected).hasSizeBetween(70, 130);
    assertThat(ids(manifest, "test")).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(ids(manifest, "train"))
        .hasSize(400 - expected.size())
        .doesNotContainAnyElementsOf(expected);
  }

  @Test
  void unlabelledImagesAreCounted() {
    new PreparedSet(input)
        .part(SourceSplit.UNSPLIT, List.of(PreparedSet.example("a", -1, 1)))
        .commit(List.of());

    Manifest.Split split = run(spec(0, 0), output, 2).split("train");

    assertThat(split.unlabelled()).isEqualTo(1);
    assertThat(split.classCounts()).isEmpty();
    assertThat(split.shards()).hasSize(1);
  }

  @Test
  void moreShardsThanImagesLeavesSomeEmpty() {
    List<ImageExample> train = examples("a", 3, 1);
    new PreparedSet(input).part(SourceSplit.TRAIN, train).commit(CLASSES);

    Manifest manifest = run(spec(8, 0), output, 2);

    assertThat(manifest.split("train").shards()).hasSize(8);
    assertThat(read(manifest, "train"))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(sorted(train));
  }

  @Test
  void leavesNoTemporaryFiles() throws IOException {
    new PreparedSet(input).part(SourceSplit.TRAIN, examples("a", 30, 1)).commit(CLASSES);

    run(spec(2, 0), output, 2);

    assertThat(names(output))
        .containsExactly(
            "duplicates.jsonl",
            "manifest.json",
            "train-00000-of-00002.parquet",
            "train-00001-of-00002.parquet");
  }

  @Test
  void refusesTwoImagesOfOneId() {
    new PreparedSet(input)
        .part(SourceSplit.TRAIN, List.of(PreparedSet.example("a", 0, 1)))
        .part(SourceSplit.TRAIN, List.of(PreparedSet.example("a", 0, 2)))
        .commit(CLASSES);

    assertThatThrownBy(() -> run(spec(1, 0), output, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot write shard: expected unique ids, got a twice"
                + " (train-00000-of-00001.parquet)");
    assertThat(output.resolve("manifest.json")).doesNotExist();
  }

  @Test
  void refusesASetWithNothingToTrainOn() {
    new PreparedSet(input)
        .part(SourceSplit.TRAIN, List.of(PreparedSet.example("a", 0, 1)))
        .part(SourceSplit.TEST, List.of(PreparedSet.example("b", 0, 1)))
        .commit(CLASSES);

    assertThatThrownBy(() -> run(spec(1, 0), output, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot shard: expected images to train on, got none of 2 (%s)".formatted(input));
  }

  @Test
  void namesADamagedFileOfExamples() throws IOException {
    new PreparedSet(input).part(SourceSplit.TRAIN, examples("a", 30, 1)).commit(CLASSES);
    Files.write(input.resolve("examples-00000.parquet"), new byte[100]);

    assertThatThrownBy(() -> run(spec(1, 0), output, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot read examples-00000.parquet: expected a whole Parquet file");
  }

  @Test
  void refusesExamplesOfTheSameSizeThatAreNotWhatPreprocessWrote() throws IOException {
    List<ImageExample> images = examples("a", 30, 1);
    new PreparedSet(input).part(SourceSplit.TRAIN, images).commit(CLASSES);
    Path file = input.resolve("examples-00000.parquet");
    String before = Sha256.of(file);
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    int pixel = bytes.indexOf(new String(images.get(7).image(), StandardCharsets.ISO_8859_1));
    byte[] changed = bytes.getBytes(StandardCharsets.ISO_8859_1);
    changed[pixel + 5] ^= 1;
    Files.write(file, changed);

    assertThatThrownBy(() -> run(spec(1, 0), output, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read examples examples-00000.parquet: expected SHA-256 %s, got %s (%s); make them again with --force=preprocess"
                .formatted(before, Sha256.of(file), file));
    assertThat(output.resolve("manifest.json")).doesNotExist();
  }

  private static List<ImageExample> examples(String prefix, int count, long seed) {
    return IntStream.range(0, count)
        .mapToObj(i -> PreparedSet.example(prefix + i, i % 2, seed + i))
        .toList();
  }

  private static List<ImageExample> sorted(List<ImageExample> examples) {
    List<ImageExample> sorted = new ArrayList<>(examples);
    sorted.sort(Comparator.comparing(example -> OrderKey.order("pepper", example.id())));
    return sorted;
  }

  private List<ImageExample> read(Manifest manifest, String split) {
    try (Stream<ImageExample> examples = ShardedSplit.read(output, manifest, split)) {
      return examples.toList();
    }
  }

  private List<String> ids(Manifest manifest, String split) {
    return read(manifest, split).stream().map(ImageExample::id).toList();
  }

  private static String line(
      String dropped, String from, int label, String kept, String in, int keptLabel) {
    return ("{\"dropped\":{\"id\":\"%s\",\"label\":%s,\"split\":\"%s\"},"
            + "\"kept\":{\"id\":\"%s\",\"label\":%s,\"split\":\"%s\"}}")
        .formatted(dropped, label, from, kept, keptLabel, in);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static ShardSpec spec(int shards, double validationFraction) {
    return new ShardSpec(shards, 1, Compression.ZSTD, validationFraction, "pepper", 1);
  }

  private Manifest run(ShardSpec spec, Path folder, int parallelism) {
    return run(spec, input, folder, parallelism);
  }

  static Manifest run(ShardSpec spec, Path input, Path folder, int parallelism) {
    // The Direct runner with all its checks.
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setTargetParallelism(parallelism);
    return new ShardPipeline(spec, "f00d", CanonicalJson.tree(Map.of("salt", "pepper")))
        .run(input, folder, options, done -> {});
  }
}
