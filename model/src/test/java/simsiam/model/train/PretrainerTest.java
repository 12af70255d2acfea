package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMetrics;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ShardedSet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

class PretrainerTest {
  private static final StepMetrics HEALTHY = new StepMetrics(-0.5, 0.25);

  @TempDir Path folder;
  private final List<TrainEvent> events = new ArrayList<>();

  @Test
  void takesEveryFullBatchOfEveryEpoch() {
    FakeEngine engine = new FakeEngine(step -> HEALTHY);

    Checkpoint last = pretrainer(engine, folder, false, () -> false).run();

    assertThat(engine.steps).isEqualTo(3 * 5); // 22 images, batches of 4, the rest dropped
    assertThat(last.state().step()).isEqualTo(15);
    assertThat(last.state().history()).extracting(EpochRecord::epoch).containsExactly(1, 2, 3);
    assertThat(last.state().history().get(2).evaluations()).containsEntry("knn_top1", 50.0);
    assertThat(StepLog.read(folder.resolve("steps.csv"))).hasSize(15);
  }

  @Test
  void stoppedMidEpochAndResumedEndsWithTheSameBytes(@TempDir Path other) throws IOException {
    Checkpoint whole = pretrainer(new FakeEngine(step -> HEALTHY), other, false, () -> false).run();

    FakeEngine interrupted = new FakeEngine(step -> HEALTHY);
    assertThatThrownBy(
            () -> pretrainer(interrupted, folder, false, () -> interrupted.steps == 8).run())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("step-00000008");
    Checkpoint resumed =
        pretrainer(new FakeEngine(step -> HEALTHY), folder, false, () -> false).run();

    assertThat(bytes(resumed, "weights.safetensors"))
        .isEqualTo(bytes(whole, "weights.safetensors"));
    assertThat(bytes(resumed, "optimizer.safetensors"))
        .isEqualTo(bytes(whole, "optimizer.safetensors"));
    assertThat(folder.resolve("steps.csv")).hasSameTextualContentAs(other.resolve("steps.csv"));
    assertThat(resumed.state().history()).hasSize(3);
  }

  @Test
  void streamedFromShardsAndStoppedMidEpochEndsWithTheSameBytes(
      @TempDir Path shards, @TempDir Path other) throws IOException {
    Manifest manifest = ShardedSet.write(shards, 2, 60, 10, 6_000);
    long window = 12_000;
    ImageSet inMemory = ShardedSet.inMemory(shards, manifest, window);
    Checkpoint whole = pretrainer(new FakeEngine(step -> HEALTHY), inMemory, other).run();
    ImageSet streamed = ShardedSet.streamed(shards, manifest, window);
    FakeEngine dying = new FakeEngine(step -> HEALTHY);
    Pretrainer stopped =
        new Pretrainer(
            dying,
            job(false, 4),
            streamed,
            folders(folder),
            net -> Map.of(),
            events::add,
            () -> dying.steps == 41 || dying.steps == 77);
    assertThatThrownBy(stopped::run).isInstanceOf(CancellationException.class);
    assertThatThrownBy(stopped::run).isInstanceOf(CancellationException.class);

    Checkpoint resumed = pretrainer(new FakeEngine(step -> HEALTHY), streamed, folder).run();

    assertThat(bytes(resumed, "weights.safetensors"))
        .isEqualTo(bytes(whole, "weights.safetensors"));
    assertThat(bytes(resumed, "optimizer.safetensors"))
        .isEqualTo(bytes(whole, "optimizer.safetensors"));
    assertThat(folder.resolve("steps.csv")).hasSameTextualContentAs(other.resolve("steps.csv"));
  }

  private Pretrainer pretrainer(FakeEngine engine, ImageSet images, Path folder) {
    return new Pretrainer(
        engine, job(false, 4), images, folders(folder), net -> Map.of(), events::add, () -> false);
  }

  @Test
  void killedBetweenCheckpointsTakesTheLostStepsAgain(@TempDir Path other) throws IOException {
    Checkpoint whole = pretrainer(new FakeEngine(step -> HEALTHY), other, false, () -> false).run();
    FakeEngine dying =
        new FakeEngine(
            step -> {
              if (step == 12) {
                throw new IllegalStateException("killed");
              }
              return HEALTHY;
            });
    assertThatThrownBy(() -> pretrainer(dying, folder, false, () -> false).run())
        .hasMessage("killed");

    Checkpoint resumed =
        pretrainer(new FakeEngine(step -> HEALTHY), folder, false, () -> false).run();

    assertThat(bytes(resumed, "weights.safetensors"))
        .isEqualTo(bytes(whole, "weights.safetensors"));
    assertThat(StepLog.read(folder.resolve("steps.csv"))).hasSize(15);
    assertThat(events).anyMatch(e -> e instanceof TrainEvent.Resumed from && from.epoch() == 2);
  }

  @Test
  void lossThatIsNotANumberStopsAndNamesTheLastGoodCheckpoint() {
    LongFunction<StepMetrics> metrics =
        step -> step == 7 ? new StepMetrics(Double.NaN, 0) : HEALTHY;

    assertThatThrownBy(() -> pretrainer(new FakeEngine(metrics), folder, false, () -> false).run())
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "Cannot go on training: expected a finite loss, got NaN (epoch 2, step 8); the last good checkpoint is "
                + folder.resolve("checkpoints/step-00000005"));
  }

  @Test
  void collapseIsFlaggedAndTrainingGoesOn() {
    FakeEngine engine = new FakeEngine(step -> new StepMetrics(-0.99, 0.01));

    Checkpoint last = pretrainer(engine, folder, false, () -> false).run();

    assertThat(last.state().history()).hasSize(3).allMatch(EpochRecord::collapsed);
  }

  @Test
  void collapseEndsTrainingIfAsked() {
    FakeEngine engine = new FakeEngine(step -> new StepMetrics(-0.99, 0.01));

    assertThatThrownBy(() -> pretrainer(engine, folder, true, () -> false).run())
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageStartingWith(
            "Training collapsed: expected a collapse level of at most 0.5, got 0.960 (epoch 1;");
  }

  @Test
  void keepsTheNewestTwoCheckpoints() throws IOException {
    pretrainer(new FakeEngine(step -> HEALTHY), folder, false, () -> false).run();

    try (var files = Files.list(folder.resolve("checkpoints"))) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("step-00000010", "step-00000015");
    }
  }

  @Test
  void batchLargerThanTheSplitIsRefused() {
    assertThatThrownBy(
            () ->
                new Pretrainer(
                    new FakeEngine(step -> HEALTHY),
                    job(false, 32),
                    images(22),
                    folders(folder),
                    net -> Map.of(),
                    events::add,
                    () -> false))
        .hasMessage(
            "Cannot train: expected train.batch_size of at most the 22 training images, got 32");
  }

  static Pretrainer.Folders folders(Path folder) {
    return new Pretrainer.Folders(folder, folder.resolveSibling(folder.getFileName() + ".aside"));
  }

  private Pretrainer pretrainer(
      FakeEngine engine, Path folder, boolean stopOnCollapse, BooleanSupplier stop) {
    return new Pretrainer(
        engine,
        job(stopOnCollapse, 4),
        images(22),
        folders(folder),
        net -> Map.of("knn_top1", 50.0),
        events::add,
        stop);
  }

  static Pretrainer.Job job(boolean stopOnCollapse, int batch) {
    NetworkSpec network =
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, 16, true, true, true),
            new PredictorSpec(PredictorKind.MLP, 4, true, false),
            new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
    AugmentSpec augment = TargetTrainings.augment();
    TrainSpec train =
        new TrainSpec(
            EngineChoice.AUTO,
            Device.AUTO,
            Precision.FP32,
            false,
            3,
            batch,
            0.1,
            0,
            0.9,
            1e-4,
            PredictorLr.CONSTANT,
            1,
            3,
            stopOnCollapse,
            2,
            List.of(),
            DeviceCache.AUTO);
    return new Pretrainer.Job(network, augment, train, 5);
  }

  static ImageSet images(int count) {
    List<RgbImage> images = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < count; i++) {
      byte[] pixels = new byte[8 * 8 * 3];
      random.nextBytes(pixels);
      images.add(new RgbImage(8, 8, pixels));
    }
    return new ImageSet() {
      @Override
      public int size() {
        return images.size();
      }

      @Override
      public String id(int index) {
        return "image-" + index;
      }

      @Override
      public int label(int index) {
        return index % 2;
      }

      @Override
      public RgbImage image(int index) {
        return images.get(index);
      }
    };
  }

  private static byte[] bytes(Checkpoint checkpoint, String file) throws IOException {
    return Files.readAllBytes(checkpoint.folder().resolve(file));
  }
}
