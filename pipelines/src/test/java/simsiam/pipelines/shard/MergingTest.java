package simsiam.pipelines.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.runners.direct.DirectOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardedSplit;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.ShardSpec.Compression;
import simsiam.pipelines.remote.FakeFileSystem;
import simsiam.pipelines.remote.TestStore;
import simsiam.pipelines.shard.keys.Duplicate;
import simsiam.pipelines.shard.keys.OrderKey;
import simsiam.pipelines.shard.keys.RunLimits;
import simsiam.pipelines.source.listing.SourceSplit;

/** Sets of many more runs than are merged at a time. */
class MergingTest {
  private static final int PARTS = 40;
  private static final int ROWS = 12;

  /** A run for each part, merged by threes: 40 runs, 14, 5, 2, shards. */
  private static final RunLimits MANY_RUNS = new RunLimits(3, 1, 1, 1);

  @TempDir Path input;
  @TempDir Path once;
  @TempDir Path often;

  private final List<ImageExample> images = new ArrayList<>();

  /** Copies in one run, in others and in both splits; a split that is found by hash. */
  @BeforeEach
  void examples() {
    Random random = new Random(7);
    PreparedSet set = new PreparedSet(input);
    for (int part = 0; part < PARTS; part++) {
      List<ImageExample> rows = new ArrayList<>();
      for (int i = 0; i < ROWS; i++) {
        int number = ROWS * part + i;
        long seed = i % 4 == 3 ? random.nextInt(40) : 1_000 + number;
        rows.add(PreparedSet.example("i" + number, number % 3, seed));
      }
      set.part(SourceSplit.UNSPLIT, rows);
      images.addAll(rows);
    }
    set.commit(List.of("cat", "dog", "emu"));
  }

  @Test
  void runsMergedInTurnsGiveTheBytesOfOneMergeAndWhatANaiveSortGives() throws IOException {
    shard(5, RunLimits.STANDARD, once, 2);
    Manifest manifest = shard(5, MANY_RUNS, often, 2);

    try (Stream<Path> files = Files.list(once)) {
      List<Path> names = files.map(Path::getFileName).toList();
      assertThat(names).hasSize(12);
      for (Path name : names) {
        assertThat(often.resolve(name)).hasSameBinaryContentAs(once.resolve(name));
      }
    }
    for (boolean test : new boolean[] {false, true}) {
      try (Stream<ImageExample> rows =
          ShardedSplit.read(often, manifest, test ? "test" : "train")) {
        assertThat(rows.map(ImageExample::id))
            .hasSizeGreaterThan(50)
            .containsExactlyElementsOf(kept(test));
      }
    }
    assertThat(Files.readAllLines(often.resolve("duplicates.jsonl")))
        .hasSizeGreaterThan(60)
        .containsExactlyElementsOf(duplicates());
    assertThat(manifest.duplicates().trainInTest()).isPositive();
  }

  @Test
  void openFilesAndSegmentsDoNotGrowWithRunsTimesShards() throws IOException {
    int shards = 60; // of each split
    Path store = TestStore.fake().bucket().resolve(UUID.randomUUID().toString());
    try (FakeFileSystem.Reading reading = new FakeFileSystem.Reading("/.runs/")) {
      shard(shards, MANY_RUNS, store, 1);

      assertThat(reading.mostOpen()).isBetween(2, 3);
      // A task has a group's three indexes, or three segments of one of three parts; and at the end
      // no more segments than images. A segment for each run and shard would be 4,800.
      int groups = 14 + 5 + 2;
      int indexes = 40 + 3 * (14 + 5) + 9 * 2;
      assertThat(reading.opened()).isLessThan(9 * groups * 3 + 3 * indexes + images.size());
    }
  }

  private Manifest shard(int shards, RunLimits limits, Path output, int threads) {
    DirectOptions options = PipelineOptionsFactory.create().as(DirectOptions.class);
    options.setTargetParallelism(threads);
    ShardSpec spec = new ShardSpec(shards, 1, Compression.NONE, 0.3, "pepper", 1);
    return new ShardPipeline(spec, "f00d", CanonicalJson.tree(Map.of()), limits)
        .run(input, output, options, done -> {});
  }

  private static boolean inTest(String id) {
    return OrderKey.inTest("pepper", id, 0.3);
  }

  /** The images of equal pixels, the one that stays first. */
  private List<List<String>> equalImages() {
    Map<String, List<String>> equal = new HashMap<>();
    for (ImageExample image : images) {
      String pixels =
          IntStream.range(0, image.image().length)
              .mapToObj(i -> String.valueOf(image.image()[i]))
              .collect(Collectors.joining(" "));
      equal.computeIfAbsent(pixels, unused -> new ArrayList<>()).add(image.id());
    }
    Comparator<String> testFirst = Comparator.comparing(id -> !inTest(id));
    equal.values().forEach(ids -> ids.sort(testFirst.thenComparing(Comparator.naturalOrder())));
    return List.copyOf(equal.values());
  }

  private List<String> kept(boolean test) {
    return equalImages().stream()
        .map(ids -> ids.get(0))
        .filter(id -> inTest(id) == test)
        .sorted(Comparator.comparing(id -> OrderKey.order("pepper", id)))
        .toList();
  }

  private List<String> duplicates() {
    Map<String, Integer> labels =
        images.stream().collect(Collectors.toMap(ImageExample::id, ImageExample::label));
    return equalImages().stream()
        .flatMap(
            ids ->
                ids.stream()
                    .skip(1)
                    .map(id -> new Duplicate(copy(id, labels), copy(ids.get(0), labels))))
        .sorted(Comparator.comparing(pair -> pair.dropped().id()))
        .map(CanonicalJson::compact)
        .toList();
  }

  private static Duplicate.Copy copy(String id, Map<String, Integer> labels) {
    return new Duplicate.Copy(id, inTest(id) ? "test" : "train", labels.get(id));
  }
}
