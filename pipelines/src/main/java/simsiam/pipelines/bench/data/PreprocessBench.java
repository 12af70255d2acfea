package simsiam.pipelines.bench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import simsiam.model.file.FileTree;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.SourceKind;

/**
 * The two data stages over the configuration's images where they are a folder of files or CIFAR-10,
 * else over made-up ones of CIFAR-10's size; the property {@code simsiam.bench.images} says how
 * many.
 *
 * @param images how many to make up
 */
public record PreprocessBench(int images) implements Benchmark {
  private static final int ROUNDS = 15;

  public static PreprocessBench standard() {
    return new PreprocessBench(Integer.getInteger("simsiam.bench.images", 60_000));
  }

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    Path work = Files.createTempDirectory("simsiam-bench-");
    try {
      if (config.dataset().source() == SourceKind.IMAGE_FOLDER) {
        return new FolderComparison(ROUNDS).run(config, work);
      }
      boolean given =
          config.dataset().source() == SourceKind.CIFAR10 && !config.dataset().path().isEmpty();
      PreprocessBenchmark benchmark = new PreprocessBenchmark(List.of());
      PreprocessResult result =
          given
              ? benchmark.run(Path.of(config.dataset().path()), work)
              : benchmark.run(images, work);
      return new BenchResult(
          String.format(
              Locale.ROOT,
              "Data stages: %,d %s images of 32 x 32 pixels on the Direct runner",
              result.images(),
              given ? "CIFAR-10" : "made-up"),
          List.of(
              row("preprocess", result.preprocessSeconds(), result.preprocessImagesPerSecond()),
              row("shard", result.shardSeconds(), result.shardImagesPerSecond())),
          List.of());
    } finally {
      FileTree.delete(work);
    }
  }

  static List<Figure> row(String stage, double seconds, double imagesPerSecond) {
    return List.of(
        Figure.words("stage", "stage", stage),
        Figure.measured("images/s", "images_per_second", imagesPerSecond),
        Figure.measured("s", "seconds", seconds));
  }
}
