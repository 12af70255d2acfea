package simsiam.pipelines.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.pipelines.bench.data.FolderComparison;
import simsiam.pipelines.bench.data.LoaderBench;
import simsiam.pipelines.bench.data.PreprocessBench;
import simsiam.pipelines.bench.evaluation.EvaluationBench;
import simsiam.pipelines.bench.evaluation.KnnBench;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.tracking.TrackingBench;
import simsiam.pipelines.bench.training.EnduranceBench;
import simsiam.pipelines.bench.training.GpuBench;
import simsiam.pipelines.bench.training.TrainStepBench;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.stages.evaluate.EvaluationEngine;

/** Each benchmark at a small size; what the figures are is not for a test to say. */
class BenchmarksTest {
  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("..", "conf", "cifar10-small.yaml"), List.of(overrides))
        .config();
  }

  private static List<Map<String, Object>> results(BenchResult result) {
    return result.rows().stream()
        .map(row -> new BenchResult("", List.of(row), List.of()).json())
        .map(json -> (List<?>) json.get("results"))
        .map(rows -> values((Map<?, ?>) rows.get(0)))
        .toList();
  }

  private static Map<String, Object> values(Map<?, ?> row) {
    Map<String, Object> values = new TreeMap<>();
    row.forEach((name, value) -> values.put((String) name, value));
    return values;
  }

  @Test
  void trainStepComparesTheEnginesOfThisBuild() throws IOException {
    BenchResult result =
        new TrainStepBench(1, 2, 1)
            .run(config("train.batch_size=4", "augment.crop_size=16", "encoder.width=8"));

    assertThat(result.subject())
        .isEqualTo(
            "Training step: resnet10 of width 8, batch 4 of 16 x 16 pixels, 2 views; median of 2"
                + " turns of 1");
    List<Map<String, Object>> rows = results(result);
    List<String> precisions =
        Nd4jEngine.bfloat16Problem().isEmpty() ? List.of("fp32", "bf16") : List.of("fp32");
    assertThat(rows)
        .filteredOn(row -> row.get("engine").equals("nd4j"))
        .extracting(row -> row.get("precision"))
        .isEqualTo(precisions);
    assertThat(rows)
        .filteredOn(row -> row.get("engine").equals("nd4j-ops"))
        .extracting(row -> row.get("precision"))
        .containsExactly("fp32");
    for (Map<String, Object> row : rows) {
      double millis = (double) row.get("median_milliseconds");
      assertThat(millis).isPositive();
      assertThat((double) row.get("images_per_second") * millis).isBetween(3999.9, 4000.1);
      assertThat((double) row.get("loss"))
          .isCloseTo(
              (double) rows.get(0).get("loss"),
              Offset.offset(row.get("precision").equals("fp32") ? 1e-3 : 0.2));
    }
    String reference = (String) rows.get(0).get("engine");
    assertThat(rows.get(0)).containsEntry("speed_relative_to_" + reference, 1.0);
  }

  @Test
  void trainStepShowsEachKindOfOperationAgainstTheMachinesLimit() throws IOException {
    BenchResult result =
        new TrainStepBench(1, 2, 1)
            .run(config("train.batch_size=4", "augment.crop_size=16", "encoder.width=8"));

    List<Map<String, Object>> parts = results(new BenchResult("", result.parts(), List.of()));
    assertThat(parts)
        .extracting(row -> row.get("operation"))
        .contains("convolution", "input_gradient", "linear", "norm_forward", "update");
    for (Map<String, Object> row : parts) {
      boolean product = row.get("gigaflops_per_second") != null;
      boolean pass = row.get("gigabytes_per_second") != null;
      assertThat(product && pass).isFalse();
      assertThat(row.get("share_of_limit") != null).isEqualTo(product || pass);
    }
    assertThat(result.notes()).anyMatch(note -> note.startsWith("Limits of this machine: "));
  }

  /** On the CPU the same runs in small; where there is a Python with torch, beside it. */
  @Test
  void gpuRunsOnTheCpuInSmall() throws IOException {
    BenchResult result =
        new GpuBench(96, 2, 4)
            .run(
                config(
                    "train.device=cpu",
                    "train.batch_size=16",
                    "augment.crop_size=16",
                    "encoder.width=8",
                    "knn.k=10"));

    assertThat(result.subject())
        .isEqualTo(
            "Training on cpu: resnet10 of width 8; checks with batches of 4, then steps and short"
                + " trainings with 16");
    List<Map<String, Object>> rows = results(result);
    assertThat(rows)
        .extracting(row -> row.get("what"))
        .contains(
            "loss of one step, fp32",
            "gradient, relative, fp32",
            "bits that differ when steps are repeated",
            "kNN % after epoch 2",
            "collapse level with the stop-gradient",
            "std·√d without the stop-gradient");
    for (String exact :
        List.of(
            "loss of one step, fp32",
            "gradient, relative, fp32",
            "running statistics, relative, fp32",
            "features, relative, fp32",
            "bits that differ when steps are repeated",
            "bits that differ when steps are continued",
            "losses that differ when read late")) {
      assertThat(rows)
          .filteredOn(row -> row.get("what").equals(exact))
          .extracting(row -> row.get("verdict"))
          .as(exact)
          .containsExactly("pass");
    }
    List<Map<String, Object>> steps = results(new BenchResult("", result.parts(), List.of()));
    assertThat(steps.get(0)).containsEntry("precision", "fp32");
    assertThat(steps.get(0).get("engine")).isIn("torch", "nd4j");

    for (Map<String, Object> row : steps) {
      assertThat((double) row.get("images_per_second")).isPositive();
      assertThat((double) row.get("share_of_matrix_rate")).isPositive();
      assertThat((long) row.get("memory_bytes")).isNotNegative();
    }
    assertThat(result.notes())
        .contains("Short trainings: 96 made-up images of 5 classes, as dataset.path is empty")
        .anyMatch(note -> note.startsWith("Kernels a step are not counted: "));
  }

  @Test
  void gpuOfConfiguredImagesTrainsOnThem(@TempDir Path folder) throws IOException {
    for (int i = 0; i < 40; i++) {
      Path images =
          Files.createDirectories(
              folder.resolve((i < 24 ? "train/" : "val/") + (i % 2 == 0 ? "a" : "b")));
      Files.write(
          images.resolve(i + ".jpg"), ImageEncoder.jpeg(new SyntheticImages(i + 1, 20).image(i)));
    }
    BenchResult result =
        new GpuBench(1, 1, 4)
            .run(
                config(
                    "train.device=cpu",
                    "dataset.source=image_folder",
                    "dataset.path=" + folder,
                    "preprocess.encoding=jpeg",
                    "train.batch_size=8",
                    "augment.crop_size=16",
                    "encoder.width=4"));
    assertThat(result.notes()).contains("Short trainings: " + folder);
  }

  @Test
  void gpuWithoutOneIsRefusedAtOnce() {
    assumeFalse(TorchEngine.cudaProblem().isEmpty());
    assertThatThrownBy(() -> GpuBench.standard().run(config("train.device=cuda:1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot start the torch engine: expected ");
  }

  @Test
  void enduranceTellsTimeAndMemoryOfEachTenth() throws IOException {
    BenchResult result =
        new EnduranceBench(1, 20)
            .run(config("train.batch_size=4", "augment.crop_size=16", "encoder.width=8"));

    assertThat(results(result))
        .extracting(row -> row.get("to_step"))
        .containsExactly(2L, 4L, 6L, 8L, 10L, 12L, 14L, 16L, 18L, 20L);
    assertThat(results(result))
        .allSatisfy(
            row -> {
              assertThat((double) row.get("median_milliseconds")).isPositive();
              assertThat((double) row.get("loss")).isBetween(-1.0, 1.0);
            });
  }

  @Test
  void loaderGoesFromOneThreadToAllCores() throws IOException {
    BenchResult result = new LoaderBench(Duration.ofMillis(5), 3).run(config());

    assertThat(results(result)).extracting(row -> row.get("threads")).containsExactly(1L, 2L, 3L);
    assertThat(results(result))
        .allSatisfy(
            row ->
                assertThat((double) row.get("images_per_second"))
                    .isEqualTo((double) row.get("views_per_second") / 2)
                    .isPositive());
  }

  @Test
  void knnCountsQueriesAndArithmetic() throws IOException {
    BenchResult result = new KnnBench(40, 300, 1).run(config());

    assertThat(result.subject())
        .isEqualTo("kNN, k = 200: 40 queries in a bank of 300, 128 features; median of 1");
    Map<String, Object> row = results(result).get(0);
    double seconds = (double) row.get("median_seconds");
    assertThat((double) row.get("queries_per_second") * seconds).isBetween(39.99, 40.01);
    assertThat((double) row.get("gigaflops_per_second") * seconds)
        .isBetween(0.99 * 2 * 40 * 300 * 128 / 1e9, 1.01 * 2 * 40 * 300 * 128 / 1e9);
  }

  /** Its engine is that of evaluation: what a GPU trained is evaluated where it lies. */
  @Test
  void knnRunsWhereTheTrainingsDeviceIsNot() throws IOException {
    assumeFalse(EvaluationEngine.of(config()).name().contains("cuda"));
    BenchResult result =
        new KnnBench(4, 30, 1).run(config("train.engine=torch", "train.device=cuda", "knn.k=3"));

    assertThat(results(result)).extracting(row -> row.get("engine")).containsExactly("nd4j");
  }

  @Test
  void evaluationGrowsWithItsTrainSplit() throws IOException {
    BenchResult result =
        new EvaluationBench(List.of(300, 600), 16, 50).run(config("knn.k=20", "probe.c=[0.01, 1]"));

    assertThat(result.subject())
        .isEqualTo("kNN (k = 20) and converged probe (2 values of C): 50 test images, 16 features");
    List<Map<String, Object>> rows = results(result);
    assertThat(rows).extracting(row -> row.get("images")).containsExactly(300L, 600L);
    for (Map<String, Object> row : rows) {
      assertThat((double) row.get("knn_top1")).isBetween(20.0, 100.0);
      assertThat((double) row.get("probe_top1")).isBetween(20.0, 100.0);
      assertThat((double) row.get("probe_seconds")).isPositive();
      assertThat((long) row.get("probe_iterations")).isPositive();
    }
  }

  @Test
  void preprocessTimesBothStages() throws IOException {
    BenchResult result = new PreprocessBench(60).run(config());

    assertThat(result.subject())
        .isEqualTo("Data stages: 60 made-up images of 32 x 32 pixels on the Direct runner");
    assertThat(results(result))
        .extracting(row -> row.get("stage"))
        .containsExactly("preprocess", "shard");
  }

  @Test
  void trackingLogsEveryPointAndOrdersItsFigures(@TempDir Path folder) throws IOException {
    BenchResult result = new TrackingBench(500).run(config("workspace=" + folder));

    Map<String, Object> row = results(result).get(0);
    assertThat((double) row.get("median_microseconds"))
        .isPositive()
        .isLessThanOrEqualTo((double) row.get("p99_microseconds"));
    assertThat((double) row.get("p999_microseconds"))
        .isLessThanOrEqualTo((double) row.get("most_microseconds"));
    assertThat(result.notes()).containsExactly("entries lost: 0");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void everyNameHasItsBenchmark() {
    assertThat(Benchmarks.NAMES)
        .extracting(name -> Benchmarks.named(name).getClass().getSimpleName())
        .containsExactly(
            "TrainStepBench",
            "GpuBench",
            "EnduranceBench",
            "LoaderBench",
            "KnnBench",
            "EvaluationBench",
            "PreprocessBench",
            "TrackingBench",
            "OutageBench",
            "UploadBench");
    assertThatThrownBy(() -> Benchmarks.named("gemm"))
        .hasMessage(
            "Cannot measure gemm: expected one of train-step, gpu, endurance, loader, knn,"
                + " evaluation, preprocess, tracking, tracking-outages, tracking-upload");
  }

  @Test
  void figuresAreShownWithThreeDigits() {
    assertThat(List.of(0.1234, 9.994, 9.996, 99.94, 99.96, 12345.6))
        .extracting(value -> Figure.measured("", "", value).shown())
        .containsExactly("0.12", "9.99", "10.0", "99.9", "100", "12,346");
  }

  @Test
  void preprocessOfAFolderGoesByItsConfiguration(@TempDir Path folder, @TempDir Path work)
      throws IOException {
    for (int i = 0; i < 6; i++) {
      Path images = Files.createDirectories(folder.resolve("train/" + (i % 2 == 0 ? "a" : "b")));
      Files.write(
          images.resolve(i + ".jpg"), ImageEncoder.jpeg(new SyntheticImages(i + 1, 40).image(i)));
    }
    BenchResult result =
        new FolderComparison(1)
            .run(
                config(
                    "dataset.source=image_folder",
                    "dataset.path=" + folder,
                    "preprocess.encoding=jpeg",
                    "preprocess.resize_shorter_side=32"),
                work);

    assertThat(result.subject())
        .startsWith("Data stages: 6 files, shorter side to 32, stored as jpeg");
    assertThat(results(result))
        .extracting(row -> row.get("stage"))
        .startsWith("preprocess", "shard");
  }
}
