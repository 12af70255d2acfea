package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Specs;
import simsiam.model.augment.ViewDevice;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSubset;
import simsiam.model.load.ShardedSet;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.Targets;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.TrainSpec;

/**
 * Training whose images are cached where the network is, by libtorch on the CPU: the same bits as
 * if they travelled with each batch. 22 images in batches of 4, three epochs of 5 steps.
 */
class CachedViewsTest {
  private static final int IMAGES = 22;
  private static final long SEVERAL_WINDOWS = 1500;

  @TempDir private Path folder;

  static TorchEngine torch(int every) {
    return new TorchEngine(new TorchSettings(Device.CPU, Precision.FP32, 1, false, every));
  }

  static Pretrainer.Job job(DeviceCache cache, ViewDevice device, int loaderThreads) {
    Pretrainer.Job job =
        TargetTrainings.job(
            TargetTrainings.objective(Targets.LIVE, 1, 0),
            PredictorKind.MLP,
            TargetTrainings.EPOCHS);
    AugmentSpec augment =
        Specs.withBlur(12).normalised(List.of(0.5, 0.5, 0.5), List.of(0.2, 0.3, 0.25)).on(device);
    TrainSpec train = job.train();
    return new Pretrainer.Job(
        job.network(),
        augment,
        new TrainSpec(
            train.engine(),
            train.device(),
            train.precision(),
            train.deterministic(),
            train.epochs(),
            train.batchSize(),
            train.baseLr(),
            train.warmupEpochs(),
            train.momentum(),
            train.weightDecay(),
            train.predictorLr(),
            train.checkpointEveryEpochs(),
            train.knnEveryEpochs(),
            train.stopOnCollapse(),
            loaderThreads,
            train.monitors(),
            cache),
        job.seed());
  }

  static Pretrainer.Job job(DeviceCache cache) {
    return job(cache, ViewDevice.GPU, 2);
  }

  private Pretrainer pretrainer(
      Engine engine,
      Pretrainer.Job job,
      ImageSet images,
      String name,
      TrainListener listener,
      BooleanSupplier stop) {
    Path output = folder.resolve(name);
    return new Pretrainer(
        engine,
        job,
        images,
        new Pretrainer.Folders(output, output.resolve("aside")),
        net -> Map.of(),
        listener,
        stop);
  }

  private Checkpoint train(Pretrainer.Job job, ImageSet images, String name) {
    return pretrainer(torch(3), job, images, name, event -> {}, () -> false).run();
  }

  private void assertSame(Checkpoint one, Checkpoint other) {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
      assertThat(one.folder().resolve(file)).hasSameBinaryContentAs(other.folder().resolve(file));
    }
    Path steps = Path.of("..", "..", "steps.csv");
    assertThat(one.folder().resolve(steps)).hasSameTextualContentAs(other.folder().resolve(steps));
  }

  private static ImageSet sharded(Path folder) {
    Manifest manifest = ShardedSet.write(folder, 2, IMAGES / 2, 10, 700);
    return ShardedSet.streamed(folder, manifest, SEVERAL_WINDOWS);
  }

  static Stream<Arguments> sets() {
    int[] some = IntStream.range(0, 40).filter(i -> i % 9 < 5).toArray();
    return Stream.of(
        Arguments.of("of one size", new SyntheticImages(IMAGES, 16)),
        Arguments.of("of several sizes", new MixedImages(IMAGES)),
        Arguments.of("a part of a set", new ImageSubset(new MixedImages(40), some)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sets")
  void endsWithTheWeightsOfImagesThatTravel(String name, ImageSet images) {
    Checkpoint travelling = train(job(DeviceCache.NEVER), images, "never");
    assertSame(train(job(DeviceCache.ALWAYS), images, "always"), travelling);
    assertSame(train(job(DeviceCache.AUTO, ViewDevice.GPU, 5), images, "auto"), travelling);
  }

  @Test
  void bfloat16TakesThemToo() {
    ImageSet images = new MixedImages(IMAGES);
    TorchEngine bf16 = new TorchEngine(new TorchSettings(Device.CPU, Precision.BF16, 1));
    assertSame(
        pretrainer(bf16, job(DeviceCache.ALWAYS), images, "always", event -> {}, () -> false).run(),
        pretrainer(bf16, job(DeviceCache.NEVER), images, "never", event -> {}, () -> false).run());
  }

  /** The order of the shards' windows stays; after the first step there are no shards to read. */
  @Test
  void readsNoShardAfterTheFirstPass(@TempDir Path shards) {
    Checkpoint travelling = train(job(DeviceCache.NEVER), sharded(shards), "never");
    TrainListener deleting =
        event -> {
          if (event instanceof TrainEvent.Step step && step.step() == 1) {
            deleteAll(shards);
          }
        };
    ImageSet images = sharded(shards);
    Checkpoint cached =
        pretrainer(torch(1), job(DeviceCache.ALWAYS), images, "always", deleting, () -> false)
            .run();
    assertThat(shards).isEmptyDirectory();
    assertSame(cached, travelling);
  }

  private static void deleteAll(Path shards) {
    try (Stream<Path> files = Files.list(shards)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void takesEachImageOnce() {
    MixedImages images = new MixedImages(IMAGES);
    train(job(DeviceCache.ALWAYS), images, "always");
    assertThat(images.asked).hasValue(IMAGES);
    train(job(DeviceCache.NEVER), images, "never");
    assertThat(images.asked).hasValue(IMAGES + 3 * 20);
  }

  @Test
  void anInterruptedTrainingEndsWithTheSameWeights() {
    ImageSet images = new MixedImages(IMAGES);
    Checkpoint whole = train(job(DeviceCache.NEVER), images, "whole");
    AtomicInteger steps = new AtomicInteger();
    Pretrainer first =
        pretrainer(
            torch(3),
            job(DeviceCache.ALWAYS),
            images,
            "parts",
            event -> {},
            () -> steps.incrementAndGet() == 8);
    assertThatThrownBy(first::run)
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("step-00000007");
    assertSame(train(job(DeviceCache.ALWAYS), images, "parts"), whole);
  }

  /** One in which the value of the key changes from part to part. */
  @Test
  void theKeyMayChangeInTheMiddle() {
    ImageSet images = new MixedImages(IMAGES);
    Checkpoint whole = train(job(DeviceCache.ALWAYS), images, "whole");
    AtomicInteger steps = new AtomicInteger();
    Pretrainer first =
        pretrainer(
            torch(2),
            job(DeviceCache.NEVER),
            images,
            "parts",
            event -> {},
            () -> steps.incrementAndGet() == 3);
    assertThatThrownBy(first::run).hasMessageContaining("step-00000003");
    assertSame(train(job(DeviceCache.AUTO), images, "parts"), whole);
  }

  @Test
  void aStopWhileImagesAreReadLeavesNothingBehind() {
    Pretrainer stopped =
        pretrainer(
            torch(1),
            job(DeviceCache.ALWAYS),
            new MixedImages(IMAGES),
            "stopped",
            event -> {},
            () -> true);
    assertThatThrownBy(stopped::run)
        .isInstanceOf(CancellationException.class)
        .hasMessage("Training was interrupted while its images were read");
    assertThat(folder.resolve("stopped/checkpoints")).doesNotExist();
  }

  private record Counts(List<Long> readBacks, List<Long> sent) {}

  /** Of each epoch, from its first step to its end: checkpoints are written after it. */
  private Counts counts(DeviceCache cache, int every, String name) {
    Counts counts = new Counts(new ArrayList<>(), new ArrayList<>());
    long[] from = {0, 0};
    TrainListener listener =
        event -> {
          if (event instanceof TrainEvent.Saved) {
            from[0] = TorchEngine.readBacks();
            from[1] = TorchEngine.arraysSent();
          } else if (event instanceof TrainEvent.Epoch) {
            counts.readBacks().add(TorchEngine.readBacks() - from[0]);
            counts.sent().add(TorchEngine.arraysSent() - from[1]);
          }
        };
    pretrainer(torch(every), job(cache), new MixedImages(IMAGES), name, listener, () -> false)
        .run();
    return counts;
  }

  /** After the first epoch, in which there is more to bring. */
  @Test
  void aStepSendsOneArrayAndWaitsForNothing() {
    for (DeviceCache cache : List.of(DeviceCache.ALWAYS, DeviceCache.NEVER)) {
      Counts counts = counts(cache, 100, cache.name());
      assertThat(counts.sent().subList(1, 3)).as(cache.name()).containsExactly(5L, 5L);
      assertThat(counts.readBacks().subList(1, 3)).as(cache.name()).containsExactly(1L, 1L);
    }
    assertThat(counts(DeviceCache.ALWAYS, 2, "two").readBacks().subList(1, 3))
        .containsExactly(3L, 3L);
  }
}
