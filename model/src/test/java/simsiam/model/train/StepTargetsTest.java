package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;
import static simsiam.model.train.TargetTrainings.BATCH;
import static simsiam.model.train.TargetTrainings.D;
import static simsiam.model.train.TargetTrainings.EPOCHS;
import static simsiam.model.train.TargetTrainings.HEALTHY;
import static simsiam.model.train.TargetTrainings.IMAGES;
import static simsiam.model.train.TargetTrainings.job;
import static simsiam.model.train.TargetTrainings.objective;
import static simsiam.model.train.TargetTrainings.pretrainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.engine.Engine;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.Similarity;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;
import simsiam.model.train.spec.TrainSpec;

class StepTargetsTest {
  @TempDir Path folder;

  static List<Arguments> objectives() {
    return List.of(
        argumentSet("1 step", objective(Targets.STEPS, 1, 0)),
        argumentSet("3 steps", objective(Targets.STEPS, 3, 0)),
        argumentSet("7 steps, across epochs", objective(Targets.STEPS, 7, 0)),
        argumentSet("more steps than there are", objective(Targets.STEPS, 100, 0)),
        argumentSet("an epoch", objective(Targets.EPOCH, 1, 0)),
        argumentSet("moving average", objective(Targets.MOVING_AVERAGE, 1, 0.8)));
  }

  private static FakeEngine fake() {
    return new FakeEngine(step -> HEALTHY);
  }

  private static void assertSameFiles(Path got, Path expected) throws IOException {
    for (String file : List.of("weights", "optimizer", "targets")) {
      Path other = expected.resolve(file + ".safetensors");
      assertThat(Files.exists(got.resolve(other.getFileName()))).isEqualTo(Files.exists(other));
      if (Files.exists(other)) {
        assertThat(got.resolve(other.getFileName())).hasSameBinaryContentAs(other);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("objectives")
  void stoppedAnywhereAndResumedEndsWithTheSameBytes(ObjectiveSpec objective, @TempDir Path other)
      throws IOException {
    Pretrainer.Job job = job(objective, PredictorKind.MLP, EPOCHS);
    Checkpoint whole = pretrainer(fake(), job, other, () -> false).run();
    for (int stopped : new int[] {1, 4, 8, 13}) {
      Path here = folder.resolve("stopped-" + stopped);
      FakeEngine engine = fake();
      assertThatThrownBy(() -> pretrainer(engine, job, here, () -> engine.steps == stopped).run())
          .isInstanceOf(CancellationException.class);

      Checkpoint resumed = pretrainer(fake(), job, here, () -> false).run();

      assertSameFiles(resumed.folder(), whole.folder());
    }
  }

  /** As a process that is killed: the steps since the last checkpoint are taken again. */
  @ParameterizedTest
  @MethodSource("objectives")
  void killedInTheMiddleOfAWindowEndsWithTheSameBytes(ObjectiveSpec objective, @TempDir Path other)
      throws IOException {
    Pretrainer.Job job = job(objective, PredictorKind.MLP, EPOCHS);
    Checkpoint whole = pretrainer(fake(), job, other, () -> false).run();
    for (long killed : new long[] {3, 7, 12}) {
      Path here = folder.resolve("killed-" + killed);
      FakeEngine dying =
          new FakeEngine(
              step -> {
                if (step == killed) {
                  throw new IllegalStateException("killed");
                }
                return HEALTHY;
              });
      assertThatThrownBy(() -> pretrainer(dying, job, here, () -> false).run())
          .hasMessage("killed");

      Checkpoint resumed = pretrainer(fake(), job, here, () -> false).run();

      assertSameFiles(resumed.folder(), whole.folder());
    }
  }

  @Test
  void aCheckpointHoldsTheTargetsOfTheStepsToCome() throws IOException {
    Pretrainer.Job job = job(objective(Targets.STEPS, 7, 0), PredictorKind.MLP, EPOCHS);
    FakeEngine engine = fake();
    assertThatThrownBy(() -> pretrainer(engine, job, folder, () -> engine.steps == 4).run())
        .isInstanceOf(CancellationException.class);
    Path file = folder.resolve("checkpoints/step-00000004/targets.safetensors");
    SortedMap<String, Tensor> targets = Safetensors.read(file).tensors();

    assertThat(targets.keySet())
        .containsExactly("step.0000000004", "step.0000000005", "step.0000000006");
    assertThat(targets.get("step.0000000005").shape()).containsExactly(2 * BATCH, D);
    assertThat(engine.outputs).isEqualTo(7);
    Files.delete(file);
    assertThatThrownBy(() -> pretrainer(engine, job, folder, () -> false).run())
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining("expected targets.safetensors with SHA-256");
  }

  @Test
  void askedToStopWhileTargetsAreMadeSavesWhereItIs(@TempDir Path other) throws IOException {
    Pretrainer.Job job = job(objective(Targets.EPOCH, 1, 0), PredictorKind.MLP, EPOCHS);
    Checkpoint whole = pretrainer(fake(), job, other, () -> false).run();
    FakeEngine engine = fake();

    assertThatThrownBy(() -> pretrainer(engine, job, folder, () -> engine.outputs == 7).run())
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("step-00000005");
    assertThat(folder.resolve("checkpoints/step-00000005/targets.safetensors")).doesNotExist();
    Checkpoint resumed = pretrainer(fake(), job, folder, () -> false).run();

    assertSameFiles(resumed.folder(), whole.folder());
  }

  @Test
  void trainingWithoutGivenTargetsMakesNone() {
    FakeEngine engine = fake();
    Pretrainer.Job job =
        job(
            new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC),
            PredictorKind.MLP,
            EPOCHS);

    Checkpoint last = pretrainer(engine, job, folder, () -> false).run();

    assertThat(engine.outputs).isZero();
    assertThat(last.folder().resolve("targets.safetensors")).doesNotExist();
  }

  /** With a real network: it learns, and goes on in the middle of a window with the same bits. */
  @ParameterizedTest
  @MethodSource("objectives")
  void trainsAndGoesOnWithTheSameBits(ObjectiveSpec objective, @TempDir Path other)
      throws IOException {
    PredictorKind predictor =
        objective.targets() == Targets.MOVING_AVERAGE ? PredictorKind.NONE : PredictorKind.MLP;
    Pretrainer.Job job = job(objective, predictor, 8);
    Engine engine = new Nd4jEngine();
    Checkpoint whole = pretrainer(engine, job, other, () -> false).run();
    int[] asked = {0};
    assertThatThrownBy(() -> pretrainer(engine, job, folder, () -> ++asked[0] == 19).run())
        .isInstanceOf(CancellationException.class);

    Checkpoint resumed = pretrainer(engine, job, folder, () -> false).run();

    assertSameFiles(resumed.folder(), whole.folder());
    List<EpochRecord> history = whole.state().history();
    assertThat(history.get(7).loss()).isLessThan(history.get(0).loss() - 0.05);
    assertThat(history).allMatch(epoch -> epoch.outputStd() > 0.05);
    assertThat(resumed.state().history())
        .extracting(EpochRecord::loss)
        .isEqualTo(history.stream().map(EpochRecord::loss).toList());
  }

  @Test
  void knowsTheMemoryOfItsTargets() {
    TrainSpec train = job(objective(Targets.EPOCH, 1, 0), PredictorKind.MLP, EPOCHS).train();
    long row = 4L * D;

    assertThat(bytes(Targets.LIVE, 1, 0, train)).isZero();
    assertThat(bytes(Targets.STEPS, 7, 0, train)).isEqualTo(7 * 2 * BATCH * row);
    assertThat(bytes(Targets.STEPS, 1000, 0, train)).isEqualTo(15 * 2 * BATCH * row);
    assertThat(bytes(Targets.EPOCH, 1, 0, train)).isEqualTo(5 * 2 * BATCH * row);
    assertThat(bytes(Targets.MOVING_AVERAGE, 1, 0.5, train)).isEqualTo(IMAGES * row);
  }

  private static long bytes(Targets targets, int steps, double momentum, TrainSpec train) {
    NetworkSpec network =
        job(objective(targets, steps, momentum), PredictorKind.MLP, EPOCHS).network();
    return Pretrainer.targetBytes(network, train, IMAGES);
  }
}
