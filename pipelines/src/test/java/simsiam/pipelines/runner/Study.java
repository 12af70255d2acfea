package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.beam.BeamRun;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.ShardSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.shard.ShardPipeline;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/**
 * The two Beam pipelines over a set that has all there is to get wrong: several chunks and shards,
 * a split by hash, broken files, and duplicates within a chunk and across chunks.
 */
final class Study {
  private static final int CLASSES = 3;

  private final Path images;
  private final int perClass;

  /**
   * @param perClass images of each class; a chunk has 128 files
   */
  Study(Path images, int perClass) {
    this.images = images;
    this.perClass = perClass;
    for (int label = 0; label < CLASSES; label++) {
      for (int i = 0; i < perClass; i++) {
        int seed = i % 50 == 49 ? i % 3 : CLASSES * i + label + 3;
        Fixtures.write(
            images.resolve(String.format(Locale.ROOT, "class%d/%04d.png", label, i)),
            Fixtures.png(9, 8, seed));
      }
      Fixtures.write(images.resolve("class%s/broken.png".formatted(label)), new byte[label]);
    }
  }

  private Study(int perClass, Path images) {
    this.images = images;
    this.perClass = perClass;
  }

  /** The same images from a copy of them elsewhere. */
  Study from(Path copy) {
    return new Study(perClass, copy);
  }

  /** What the Direct runner writes with one thread. */
  Map<String, String> expected(Path folder) throws IOException {
    Map<String, String> files =
        run(folder, new RunnerOptions(Runner.DIRECT, List.of("--targetParallelism=1")));
    assertThat(files)
        .containsKeys(
            "examples/rejects.jsonl",
            String.format(
                Locale.ROOT,
                "examples/examples-00002-of-%05d.parquet",
                (CLASSES * (perClass + 1) + 127) / 128),
            "shards/duplicates.jsonl",
            "shards/manifest.json",
            "shards/test-00003-of-00004.parquet",
            "shards/train-00003-of-00004.parquet");
    return files;
  }

  /** Runs both pipelines; returns the hash of every file by its name. */
  Map<String, String> run(Path folder, RunnerOptions runner) throws IOException {
    Path examples = Files.createDirectories(folder.resolve("examples"));
    preprocess(examples, runner);
    shard(examples, Files.createDirectories(folder.resolve("shards")), runner);
    return files(folder);
  }

  void preprocess(Path examples, RunnerOptions runner) {
    preprocess(contents(), examples, runner);
  }

  void preprocess(Path examples, RunnerOptions runner, BeamRun.Monitor monitor) {
    preprocess(contents(), examples, runner, monitor);
  }

  /** What the set holds now. */
  SourceContents contents() {
    return source().contents(DigestCache.open(images.resolve(".none")));
  }

  private ImageSource source() {
    return ImageSources.open(
        DatasetSpec.of(SourceKind.IMAGE_FOLDER, images.toString(), false, 0), images);
  }

  /**
   * Runs the first pipeline.
   *
   * @param contents that it may read
   */
  void preprocess(SourceContents contents, Path examples, RunnerOptions runner) {
    preprocess(contents, examples, runner, done -> {});
  }

  private void preprocess(
      SourceContents contents, Path examples, RunnerOptions runner, BeamRun.Monitor monitor) {
    new PreprocessPipeline(source(), contents, new PreprocessSpec(0, 0, ImageEncoding.RAW, 0.1))
        .run(examples, BeamOptions.parse(runner), monitor);
  }

  void shard(Path examples, Path shards, RunnerOptions runner) {
    ShardSpec spec = new ShardSpec(4, 1, ShardSpec.Compression.ZSTD, 0.2, "pepper", 1);
    new ShardPipeline(spec, "f00d", CanonicalJson.tree(Map.of("salt", "pepper")))
        .run(examples, shards, BeamOptions.parse(runner), done -> {});
  }

  /** Whether a worker has begun to write examples. */
  static boolean begun(Path examples) throws IOException {
    return holds(examples, "examples-");
  }

  /** Whether a worker has begun to sort examples for their shards. */
  static boolean sorting(Path shards) throws IOException {
    return holds(shards.resolve(".runs"), "run-");
  }

  private static boolean holds(Path folder, String part) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.getFileName().toString().contains(part));
    }
  }

  static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Sha256.of(file));
      }
    }
    return files;
  }
}
