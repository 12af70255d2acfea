package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.engine.Device;
import simsiam.model.engine.DeviceException;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;

/**
 * Training on an engine that tells metrics of several steps at once: all that is kept, told and
 * continued is as if it told them one by one. 22 images in batches of 4, three epochs of 5 steps.
 */
class DeferredMetricsTest {
  @TempDir Path folder;
  private final List<TrainEvent> events = new ArrayList<>();

  private static FakeEngine fake(int every) {
    FakeEngine engine = new FakeEngine(step -> new StepMetrics(-0.5 - 0.01 * step, 0.25));
    engine.metricsEvery = every;
    return engine;
  }

  private Checkpoint train(
      Engine engine, Path output, TrainListener listener, BooleanSupplier stop) {
    return new Pretrainer(
            engine,
            PretrainerTest.job(false, 4),
            PretrainerTest.images(22),
            PretrainerTest.folders(output),
            net -> Map.of(),
            listener,
            stop)
        .run();
  }

  private Checkpoint train(Engine engine, Path output) {
    return train(engine, output, events::add, () -> false);
  }

  private static void assertSame(Checkpoint one, Checkpoint other) throws IOException {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
      assertThat(Files.readAllBytes(one.folder().resolve(file)))
          .isEqualTo(Files.readAllBytes(other.folder().resolve(file)));
    }
    Path steps = Path.of("..", "..", "steps.csv");
    assertThat(one.folder().resolve(steps)).hasSameTextualContentAs(other.folder().resolve(steps));
    assertThat(one.state().history())
        .extracting(EpochRecord::loss)
        .isEqualTo(other.state().history().stream().map(EpochRecord::loss).toList());
  }

  private static List<TrainEvent> steps(List<TrainEvent> events) {
    return events.stream().filter(TrainEvent.Step.class::isInstance).toList();
  }

  @Test
  void everythingIsToldInTheEnd(@TempDir Path other) throws IOException {
    Checkpoint whole = train(fake(1), other);
    List<TrainEvent> oneByOne = List.copyOf(events);
    for (int every : new int[] {2, 4, 5, 100}) {
      events.clear();
      Path output = folder.resolve("every-" + every);
      assertSame(train(fake(every), output), whole);
      assertThat(steps(events)).isEqualTo(steps(oneByOne)).hasSize(15);
    }
  }

  /** A checkpoint's steps are in the table and have been told before it is written. */
  @Test
  void stepsOfACheckpointAreToldBeforeIt() {
    train(fake(100), folder);

    int told = 0;
    for (TrainEvent event : events) {
      told += event instanceof TrainEvent.Step ? 1 : 0;
      if (event instanceof TrainEvent.Saving saving) {
        assertThat(saving.step()).isEqualTo(told);
      }
    }
    assertThat(told).isEqualTo(15);
  }

  @Test
  void stoppedBetweenTellingsAndResumedEndsWithTheSameBytes(@TempDir Path other)
      throws IOException {
    Checkpoint whole = train(fake(1), other);
    FakeEngine stopped = fake(3);
    assertThatThrownBy(() -> train(stopped, folder, events::add, () -> stopped.steps == 9))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("step-00000009");
    assertThat(StepLog.read(folder.resolve("steps.csv"))).hasSize(9);

    FakeEngine resumed = new FakeEngine(step -> new StepMetrics(-0.5 - 0.01 * (9 + step), 0.25));
    resumed.metricsEvery = 3;
    assertSame(train(resumed, folder), whole);
  }

  /** What was taken but not told when the process died is taken again, and told once. */
  @Test
  void killedBetweenTellingsEndsWithTheSameBytes(@TempDir Path other) throws IOException {
    Checkpoint whole = train(fake(1), other);
    FakeEngine dying =
        new FakeEngine(
            step -> {
              if (step == 8) {
                throw new IllegalStateException("killed");
              }
              return new StepMetrics(-0.5 - 0.01 * step, 0.25);
            });
    dying.metricsEvery = 2;
    assertThatThrownBy(() -> train(dying, folder)).hasMessage("killed");

    FakeEngine resumed = new FakeEngine(step -> new StepMetrics(-0.5 - 0.01 * (5 + step), 0.25));
    resumed.metricsEvery = 4;
    assertSame(train(resumed, folder), whole);
  }

  /** Steps go on until the metrics are told, and no checkpoint is written of them. */
  @Test
  void aLossThatIsNotANumberIsFoundByItsStep() {
    FakeEngine engine =
        new FakeEngine(step -> new StepMetrics(step == 6 ? Double.NaN : -0.5, 0.25));
    engine.metricsEvery = 3;

    assertThatThrownBy(() -> train(engine, folder))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "Cannot go on training: expected a finite loss, got NaN (epoch 2, step 7); the last good checkpoint is "
                + folder.resolve("checkpoints/step-00000005"));
    assertThat(engine.steps).isEqualTo(8);
    assertThat(StepLog.read(folder.resolve("steps.csv"))).hasSize(6);
  }

  @Test
  void aLossThatIsNotANumberKeepsACheckpointFromBeingWritten() {
    FakeEngine engine =
        new FakeEngine(step -> new StepMetrics(step == 6 ? Double.NaN : -0.5, 0.25));
    engine.metricsEvery = 100;

    assertThatThrownBy(() -> train(engine, folder, events::add, () -> engine.steps == 8))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("got NaN (epoch 2, step 7)");
    assertThat(folder.resolve("checkpoints/step-00000008")).doesNotExist();
  }

  /** As of a batch that grows too large, or a device that is lost: what was saved stays. */
  @Test
  void aDeviceThatFailsLeavesTheLastCheckpoint() {
    FakeEngine engine =
        new FakeEngine(
            step -> {
              if (step == 7) {
                throw new DeviceException("Cannot train: expected memory", new RuntimeException());
              }
              return new StepMetrics(-0.5, 0.25);
            });

    assertThatThrownBy(() -> train(engine, folder))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessage(
            "Cannot train: expected memory; the last good checkpoint is "
                + folder.resolve("checkpoints/step-00000005"))
        .hasCauseInstanceOf(DeviceException.class);
    assertThat(train(fake(1), folder).state().step()).isEqualTo(15);
    assertThat(engine.open).isZero();
  }

  private static Engine torch(int every) {
    return new TorchEngine(new TorchSettings(Device.CPU, Precision.FP32, 1, false, every));
  }

  /** Read-backs of each epoch, from its first step to its end: checkpoints are written after it. */
  private List<Long> readBacks(int every, Path output) {
    List<Long> counts = new ArrayList<>();
    long[] from = {-1};
    train(
        torch(every),
        output,
        event -> {
          if (event instanceof TrainEvent.Begun || event instanceof TrainEvent.Saved) {
            from[0] = TorchEngine.readBacks();
          } else if (event instanceof TrainEvent.Epoch) {
            counts.add(TorchEngine.readBacks() - from[0]);
          }
        },
        () -> false);
    return counts;
  }

  @Test
  void libtorchIsWaitedForOnlyToTell(@TempDir Path other) throws IOException {
    assertThat(readBacks(1, other)).containsExactly(5L, 5L, 5L);
    assertThat(readBacks(3, folder)).containsExactly(2L, 2L, 2L);
    assertThat(folder.resolve("steps.csv")).hasSameTextualContentAs(other.resolve("steps.csv"));
    assertThat(readBacks(100, folder.resolve("a"))).containsExactly(1L, 1L, 1L);
  }

  @Test
  void libtorchTrainsAlikeHoweverItIsRead(@TempDir Path other) throws IOException {
    assertSame(train(torch(4), folder), train(torch(1), other));
  }
}
