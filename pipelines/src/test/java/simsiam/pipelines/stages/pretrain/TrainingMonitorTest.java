package simsiam.pipelines.stages.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.Engine;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.EpochEvaluator;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.Pretrainer;
import simsiam.model.train.spec.Monitor;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.RecordingTracking;

/** A training of seconds on one engine, with monitors and without. */
class TrainingMonitorTest {
  private static final int CLASSES = 3;
  private static final ImageSet TRAIN = new Labelled(new SyntheticImages(48, 16));
  private static final ImageSet TEST = new Labelled(new SyntheticImages(24, 16));

  @TempDir private Path folder;
  private RunConfig config;
  private Engine engine;

  private record Labelled(ImageSet images) implements ImageSet {
    @Override
    public int size() {
      return images.size();
    }

    @Override
    public String id(int index) {
      return images.id(index);
    }

    @Override
    public int label(int index) {
      return index % CLASSES;
    }

    @Override
    public RgbImage image(int index) {
      return images.image(index);
    }
  }

  @BeforeEach
  void configure() {
    config = config();
    engine = EngineSelection.of(config.train()).engine();
  }

  private static RunConfig config(String... more) {
    List<String> values =
        new ArrayList<>(
            List.of(
                "train.engine=nd4j",
                "encoder.arch=resnet10",
                "encoder.width=4",
                "projector.dim=16",
                "predictor.hidden=8",
                "augment.crop_size=16",
                "augment.mean=[0.5, 0.5, 0.5]",
                "augment.std=[0.25, 0.25, 0.25]",
                "train.epochs=4",
                "train.batch_size=12",
                "train.checkpoint_every_epochs=1",
                "train.knn_every_epochs=2",
                "knn.k=5"));
    values.addAll(List.of(more));
    return new ConfigLoader(Optional.empty())
        .load(Path.of("..", "conf", "base.yaml"), values)
        .config();
  }

  private TrainingMonitor monitor(RunConfig of, Optional<ImageSet> test) {
    AugmentSpec augment = of.augment();
    List<String> classes =
        test.isPresent() ? IntStream.range(0, CLASSES).mapToObj(c -> "c" + c).toList() : List.of();
    ImageSet train = test.isPresent() ? TRAIN : new SyntheticImages(48, 16);
    return TrainingMonitor.of(
            of, engine.linearAlgebra(), new Encoding(augment, LabelSpace.of(classes)), train, test)
        .orElseThrow();
  }

  private Checkpoint train(String into, EpochEvaluator evaluator, BooleanSupplier stop) {
    Path output = folder.resolve(into);
    return new Pretrainer(
            engine,
            new Pretrainer.Job(config.network(), config.augment(), config.train(), config.seed()),
            TRAIN,
            new Pretrainer.Folders(output, folder.resolve(into + "-aside")),
            evaluator,
            event -> {},
            stop)
        .run();
  }

  private static void assertSame(Checkpoint checkpoint, Checkpoint other) throws IOException {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
      assertThat(Files.readAllBytes(checkpoint.folder().resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(other.folder().resolve(file)));
    }
  }

  private static List<Map<String, Double>> figures(Checkpoint checkpoint) {
    return checkpoint.state().history().stream().map(EpochRecord::evaluations).toList();
  }

  @Test
  void trainingIsTheSameBitForBitWithMonitorsAndWithout() throws IOException {
    Checkpoint without = train("without", net -> Map.of(), () -> false);
    Checkpoint with = train("with", monitor(config, Optional.of(TEST)), () -> false);

    assertSame(with, without);
    assertThat(with.state().history()).hasSize(4);
    assertThat(figures(with).get(0)).isEmpty();
    for (int epoch : new int[] {1, 3}) {
      assertThat(figures(with).get(epoch))
          .containsKeys(
              "knn_top1",
              "online_probe_top1",
              "rank_me",
              "effective_rank",
              "alpha_req",
              "alignment",
              "uniformity",
              "singular_value_1",
              "singular_value_5");
    }
    Map<String, Double> last = figures(with).get(3);
    assertThat(last.get("rank_me")).isBetween(1.0, 24.0);
    assertThat(last.get("effective_rank")).isBetween(1.0, 24.0);
    assertThat(last.get("alignment")).isBetween(1e-4, 4.0);
    assertThat(last.get("uniformity")).isBetween(-4.0, -1e-6);
    assertThat(last.get("alpha_req")).isPositive();
    assertThat(last.get("singular_value_1")).isGreaterThan(last.get("singular_value_2"));
  }

  @Test
  void anInterruptedTrainingMeasuresTheSame() throws IOException {
    Checkpoint whole = train("whole", monitor(config, Optional.of(TEST)), () -> false);
    int[] steps = {0};
    assertThatThrownBy(
            () -> train("broken", monitor(config, Optional.of(TEST)), () -> ++steps[0] == 10))
        .isInstanceOf(CancellationException.class);
    Checkpoint continued = train("broken", monitor(config, Optional.of(TEST)), () -> false);

    assertSame(continued, whole);
    assertThat(figures(continued)).isEqualTo(figures(whole));
  }

  /** The untrained network, so that curves begin before training. */
  private List<String> untrained(RunConfig of, Optional<ImageSet> test) {
    RecordingTracking tracking = new RecordingTracking();
    monitor(of, test).untrained(tracking, engine, of.network(), of.seed());
    return tracking.events;
  }

  private static List<String> names(List<String> events) {
    return events.stream().map(event -> event.replaceAll("=.*@", "@")).toList();
  }

  @Test
  void theSpectrumIsAPictureAndTheRestAreCurves() {
    assertThat(names(untrained(config, Optional.of(TEST))))
        .containsExactlyInAnyOrder(
            "metric epoch/knn_top1@0",
            "metric epoch/knn_top5@0",
            "metric epoch/online_probe_top1@0",
            "metric epoch/rank_me@0",
            "metric epoch/effective_rank@0",
            "metric epoch/alpha_req@0",
            "metric epoch/alignment@0",
            "metric epoch/uniformity@0",
            "image spectrum@0",
            "image embedding@0",
            "image neighbours@0");
    assertThat(untrained(config, Optional.of(TEST)))
        .isEqualTo(untrained(config, Optional.of(TEST)));
  }

  @Test
  void onlyWhatIsAskedForIsMeasured() {
    RunConfig none = config("train.monitors=[]");
    assertThat(names(untrained(none, Optional.of(TEST))))
        .containsExactlyInAnyOrder(
            "metric epoch/knn_top1@0",
            "metric epoch/knn_top5@0",
            "image embedding@0",
            "image neighbours@0");
    RunConfig one = config("train.monitors=[alignment]");
    assertThat(one.train().monitors()).containsExactly(Monitor.ALIGNMENT);
    assertThat(names(untrained(one, Optional.of(TEST)))).contains("metric epoch/alignment@0");
    assertThatThrownBy(() -> config("train.monitors=[rank_me, rank_me]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("each monitor at most once");
  }

  /** What needs no labels is of training images there. */
  @Test
  void imagesWithoutLabelsHaveWhatNeedsNone() {
    assertThat(names(untrained(config, Optional.empty())))
        .containsExactlyInAnyOrder(
            "metric epoch/rank_me@0",
            "metric epoch/effective_rank@0",
            "metric epoch/alpha_req@0",
            "metric epoch/alignment@0",
            "metric epoch/uniformity@0",
            "image spectrum@0");
    RunConfig labelsOnly = config("train.monitors=[online_probe]");
    Encoding encoding = new Encoding(config.augment(), LabelSpace.of(List.of()));
    assertThat(
            TrainingMonitor.of(
                labelsOnly, engine.linearAlgebra(), encoding, TRAIN, Optional.empty()))
        .isEmpty();
  }

  private static Curve curve(StageReport report, String name) {
    return report.curves().stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void theReportShowsThemAndHistoriesWithoutThem() {
    Checkpoint with = train("with", monitor(config, Optional.of(TEST)), () -> false);
    StageReport report = TrainingReport.of(with.state(), List.of());

    assertThat(curve(report, "rank").lines())
        .extracting(Curve.Line::x)
        .containsOnly(List.of(2.0, 4.0));
    assertThat(curve(report, "spectrum_by_epoch").lines())
        .extracting(Curve.Line::label)
        .containsExactly("epoch 2", "epoch 4");
    double rankMe = figures(with).get(3).get("rank_me");
    assertThat(report.measures())
        .anySatisfy(
            measure -> {
              assertThat(measure.key()).isEqualTo("final_rank_me");
              assertThat(measure.value()).isEqualTo(rankMe);
            });

    Checkpoint without = train("without", net -> Map.of(), () -> false);
    StageReport old = TrainingReport.of(without.state(), List.of());
    assertThat(curve(old, "rank").lines()).isEmpty();
    assertThat(curve(old, "alpha_req").levels()).isEmpty();
    assertThat(old.measures()).noneMatch(measure -> measure.key().equals("final_rank_me"));
  }
}
