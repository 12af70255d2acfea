package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.JitterSpec;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;

class StepTargetsTest {
  private static final StepMetrics HEALTHY = new StepMetrics(-0.5, 0.25);
  private static final int D = 16;
  private static final int BATCH = 4;
  private static final int IMAGES = 22; // five batches, two images left over
  private static final int EPOCHS = 3;

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

  private static ObjectiveSpec objective(Targets targets, int steps, double momentum) {
    return new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC, targets, steps, momentum);
  }

  private static Pretrainer.Job job(ObjectiveSpec objective, PredictorKind predictor, int epochs) {
    NetworkSpec network =
        new NetworkSpec(
            new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false),
            new ProjectorSpec(2, D, true, true, true),
            new PredictorSpec(predictor, 4, true, false),
            objective);
    AugmentSpec augment =
        new AugmentSpec(
            8,
            List.of(0.2, 1.0),
            List.of(0.75, 1.3333),
            0.5,
            new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1),
            0.2,
            new BlurSpec(0, List.of(0.1, 2.0)),
            List.of(0.5, 0.5, 0.5),
            List.of(0.25, 0.25, 0.25));
    TrainSpec train =
        new TrainSpec(
            EngineChoice.AUTO,
            Device.AUTO,
            Precision.FP32,
            epochs,
            BATCH,
            1.0,
            0,
            0.9,
            1e-4,
            PredictorLr.CONSTANT,
            1,
            0,
            false,
            2,
            List.of());
    return new Pretrainer.Job(network, augment, train, 5);
  }

  /** Random images, dark or bright. */
  private record Images(int size) implements ImageSet {
    @Override
    public String id(int index) {
      return "image-" + index;
    }

    @Override
    public int label(int index) {
      return -1;
    }

    @Override
    public RgbImage image(int index) {
      SplittableRandom random = new SplittableRandom(index);
      byte[] pixels = new byte[8 * 8 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (random.nextInt(128) + index % 2 * 127);
      }
      return new RgbImage(8, 8, pixels);
    }
  }

  private static Pretrainer pretrainer(
      Engine engine, Pretrainer.Job job, Path folder, BooleanSupplier stop) {
    return new Pretrainer(
        engine,
        job,
        new Images(IMAGES),
        new Pretrainer.Folders(folder, folder.resolve("aside")),
        net -> Map.of(),
        event -> {},
        stop);
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

  /** A network whose outputs are made up, which keeps what its steps are given. */
  private static final class Recorder implements Engine, TrainingNet {
    private final SplittableRandom random = new SplittableRandom(3);
    private final List<float[]> views = new ArrayList<>();
    private final List<float[]> viewsOfOutputs = new ArrayList<>();
    private final List<float[]> outputs = new ArrayList<>();
    private final List<Integer> stepsBeforeOutputs = new ArrayList<>();
    private final List<float[]> given = new ArrayList<>();
    private Method method;

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public String describe() {
      return "recorder";
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
      this.method = method;
      return this;
    }

    @Override
    public LinearAlgebra linearAlgebra() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Method method() {
      return method;
    }

    @Override
    public void outputs(
        float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) (random.nextDouble() - 0.3);
      }
      stepsBeforeOutputs.add(given.size());
      viewsOfOutputs.add(views.clone());
      outputs.add(rows.clone());
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, Rates rates) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
      this.views.add(views.clone());
      this.given.add(given.clone());
      return HEALTHY;
    }

    @Override
    public void encode(float[] images, int count, int size, float[] features) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Tensor> exportWeights() {
      return new TreeMap<>();
    }

    @Override
    public void importWeights(SortedMap<String, Tensor> weights) {}

    @Override
    public SortedMap<String, Tensor> exportOptimizer() {
      return new TreeMap<>();
    }

    @Override
    public void importOptimizer(SortedMap<String, Tensor> buffers) {}

    @Override
    public void close() {}
  }

  /** Of the same views as the steps', all made before the first step of their window. */
  @Test
  void alternatingTargetsAreOfTheStepsViewsAndMadeBeforeTheirWindow() {
    Recorder net = new Recorder();
    Pretrainer.Job job = job(objective(Targets.STEPS, 7, 0), PredictorKind.MLP, EPOCHS);

    pretrainer(net, job, folder, () -> false).run();

    assertThat(net.stepsBeforeOutputs)
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 14);
    for (int step = 0; step < 15; step++) {
      assertThat(net.viewsOfOutputs.get(step)).isEqualTo(net.views.get(step));
      assertThat(net.given.get(step)).isEqualTo(net.outputs.get(step));
    }
  }

  /** Against the formula, in double precision, with images known by their views. */
  @Test
  void movingAveragesFollowTheirFormula() {
    Recorder net = new Recorder();
    Pretrainer.Job job = job(objective(Targets.MOVING_AVERAGE, 1, 0.8), PredictorKind.NONE, 3);
    pretrainer(net, job, folder, () -> false).run();

    Map<Integer, double[]> average = new HashMap<>();
    int seenAgain = 0;
    for (int step = 0; step < 15; step++) {
      int[] order = order(job, step);
      for (int i = 0; i < BATCH; i++) {
        double[] first = unit(net.outputs.get(step), i);
        double[] second = unit(net.outputs.get(step), BATCH + i);
        double[] before = average.get(order[i]);
        double m = before == null ? 0 : 0.8;
        seenAgain += before == null ? 0 : 1;
        double[] next = new double[D];
        for (int j = 0; j < D; j++) {
          double old = before == null ? 0 : before[j];
          float[] given = net.given.get(step);
          assertThat((double) given[i * D + j])
              .isCloseTo(m * old + (1 - m) * first[j], within(1e-6));
          assertThat((double) given[(BATCH + i) * D + j])
              .isCloseTo(m * old + (1 - m) * second[j], within(1e-6));
          next[j] = m * old + (1 - m) * (first[j] + second[j]) / 2;
        }
        average.put(order[i], next);
      }
    }
    assertThat(seenAgain).isGreaterThan(30);
  }

  /** Indices of the images of a step. */
  private static int[] order(Pretrainer.Job job, int step) {
    var epoch = new Images(IMAGES).epoch(job.seed(), step / 5 + 1, 0);
    int[] order = new int[BATCH];
    Arrays.setAll(order, i -> epoch.index(step % 5 * BATCH + i));
    return order;
  }

  private static double[] unit(float[] rows, int row) {
    double[] unit = new double[D];
    double norm = 0;
    for (int j = 0; j < D; j++) {
      unit[j] = rows[row * D + j];
      norm += unit[j] * unit[j];
    }
    for (int j = 0; j < D; j++) {
      unit[j] /= Math.sqrt(norm);
    }
    return unit;
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
