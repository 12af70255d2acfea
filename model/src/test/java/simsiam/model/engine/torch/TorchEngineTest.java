package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.Nd4jOpsEngine;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;

/**
 * What the torch engine adds to the contract of every engine: device, precision, threads, memory.
 */
class TorchEngineTest {
  private static final int N = 8;
  private static final int SIZE = 16;
  private static final Rates RATES = new Rates(0.05, 0.05, 0.9, 5e-4);
  private static final NetworkSpec SPEC =
      new NetworkSpec(
          new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 8, false),
          new ProjectorSpec(2, 32, true, true, true),
          new PredictorSpec(PredictorKind.MLP, 16, true, false),
          new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));

  private static Engine cpu(Precision precision, int threads) {
    return new TorchEngine(new TorchSettings(Device.CPU, precision, threads));
  }

  private static TrainingNet net(Engine engine) {
    return engine.create(SPEC, NetworkLayout.of(SPEC).initialise(1));
  }

  private static float[] views(long seed) {
    Random random = new Random(seed);
    float[] pixels = new float[2 * N * SIZE * SIZE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private static double steps(TrainingNet net, int from, int to) {
    double loss = 0;
    for (int i = from; i < to; i++) {
      loss = net.step(views(i), N, SIZE, RATES).loss();
    }
    return loss;
  }

  /** Steps on one batch; the loss before the last. */
  private static double repeat(TrainingNet net, int times) {
    double loss = 0;
    for (int i = 0; i < times; i++) {
      loss = net.step(views(0), N, SIZE, RATES).loss();
    }
    return loss;
  }

  private static void assertSameBits(TrainingNet one, TrainingNet other) {
    SortedMap<String, Tensor> weights = one.exportWeights();
    other
        .exportWeights()
        .forEach((name, t) -> assertThat(t.data()).as(name).isEqualTo(weights.get(name).data()));
  }

  @Test
  void saysHowItRuns() {
    assertThat(cpu(Precision.BF16, 3).describe())
        .matches("libtorch 2\\.\\S+, CPU \\S+, bf16, 3 threads");
  }

  @Test
  void trainsInBfloat16NearFloat32() {
    try (TrainingNet exact = net(cpu(Precision.FP32, 0));
        TrainingNet rounded = net(cpu(Precision.BF16, 0))) {
      double loss = steps(exact, 0, 1);
      assertThat(steps(rounded, 0, 1)).isCloseTo(loss, within(1e-2)).isNotEqualTo(loss);

      double last = repeat(exact, 12);
      assertThat(last).isLessThan(loss - 0.1); // it learns, and so does the other
      assertThat(repeat(rounded, 12)).isCloseTo(last, within(0.05));
      float[] expected = new float[2 * N * SPEC.encoder().featureDim()];
      float[] features = new float[expected.length];
      exact.importWeights(rounded.exportWeights());
      exact.encode(views(99), 2 * N, SIZE, expected);
      rounded.encode(views(99), 2 * N, SIZE, features);
      assertThat(distance(features, expected)).isBetween(1e-6, 0.02);
    }
  }

  /** L2 distance relative to the second's norm. */
  private static double distance(float[] a, float[] b) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      difference += Math.pow((double) a[i] - b[i], 2);
      norm += (double) b[i] * b[i];
    }
    return Math.sqrt(difference / norm);
  }

  @Test
  void continuesBitForBitInBfloat16() {
    Engine engine = cpu(Precision.BF16, 0);
    try (TrainingNet whole = net(engine);
        TrainingNet resumed = net(engine)) {
      steps(whole, 0, 3);
      resumed.importWeights(whole.exportWeights());
      resumed.importOptimizer(whole.exportOptimizer());
      steps(whole, 3, 6);
      steps(resumed, 3, 6);
      assertSameBits(whole, resumed);
    }
  }

  /** libtorch has one number of threads for the process; each engine must find its own in place. */
  @Test
  void enginesOfOtherThreadsBesideItChangeNothing() {
    try (TrainingNet alone = net(cpu(Precision.FP32, 1));
        TrainingNet one = net(cpu(Precision.FP32, 1));
        TrainingNet two = net(cpu(Precision.FP32, 2))) {
      steps(alone, 0, 4);
      for (int i = 0; i < 4; i++) {
        steps(one, i, i + 1);
        steps(two, i, i + 1);
      }
      assertSameBits(alone, one);
    }
  }

  /** On the CPU bits repeat anyway; what libtorch would refuse elsewhere, a step does not do. */
  @Test
  void aDeterministicEngineTakesTheSameSteps() {
    TorchSettings settings = new TorchSettings(Device.CPU, Precision.FP32, 1, true, 0);
    try (TrainingNet strict = net(new TorchEngine(settings));
        TrainingNet free = net(cpu(Precision.FP32, 1))) {
      steps(free, 0, 3);
      steps(strict, 0, 3);
      assertSameBits(strict, free);
    }
  }

  @Test
  void metricsComeInTheOrderOfTheirSteps() {
    TorchSettings settings = new TorchSettings(Device.CPU, Precision.FP32, 1, false, 4);
    try (TrainingNet deferred = net(new TorchEngine(settings));
        TrainingNet one = net(cpu(Precision.FP32, 1))) {
      List<StepMetrics> expected = new ArrayList<>();
      List<StepMetrics> told = new ArrayList<>();
      List<Integer> counts = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        expected.add(one.step(views(i), N, SIZE, RATES));
        List<StepMetrics> known = deferred.advance(views(i), N, SIZE, new float[0], RATES);
        counts.add(known.size());
        told.addAll(known);
      }
      told.addAll(deferred.settle());
      assertThat(counts).containsExactly(0, 0, 0, 0, 4, 0); // once the next input is sent
      assertThat(told).isEqualTo(expected);
      assertThat(deferred.settle()).isEmpty();
      assertSameBits(deferred, one);
    }
  }

  @Test
  void refusesADeviceThatIsNotCounted() {
    assertThatThrownBy(() -> TorchRuntime.requireCounted(Device.cuda(2), 2, null))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot start the torch engine: expected train.device cuda:0 to cuda:1, got cuda:2"
                + " (CUDA_VISIBLE_DEVICES is not set)");
    assertThatThrownBy(() -> TorchRuntime.requireCounted(Device.cuda(1), 1, "3"))
        .hasMessage(
            "Cannot start the torch engine: expected train.device cuda:0 to cuda:0, got cuda:1"
                + " (counted among those of CUDA_VISIBLE_DEVICES=3)");
    TorchRuntime.requireCounted(Device.cuda(1), 2, null);
  }

  @Test
  void refusesTf32OnTheCpu() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cpu(Precision.TF32, 0))
        .withMessage(
            "Cannot start the torch engine: expected precision fp32 or bf16 on the CPU, got tf32");
  }

  @Test
  void refusesThreadsThatCannotBe() {
    assertThatThrownBy(() -> new TorchSettings(Device.CPU, Precision.FP32, -1))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("threads");
  }

  @Test
  void refusesCudaWhereThereIsNone() {
    assumeThat(TorchNatives.found()).isEqualTo(TorchNatives.CPU);

    assertThatThrownBy(() -> new TorchEngine(new TorchSettings(Device.CUDA, Precision.FP32, 0)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot start the torch engine: expected a CUDA device, got none (train.device is cuda,"
                + " and the libtorch of this build is for the CPU; -Ptorch-cuda ships the other)");
  }

  @Test
  void isPassedOverWithAReasonWhereThereIsNoCuda() {
    assumeThat(TorchNatives.found()).isEqualTo(TorchNatives.CPU);
    assumeThat(Nd4jOpsEngine.cudaProblem()).isPresent();
    String reason = "the libtorch of this build is for the CPU; -Ptorch-cuda ships the other";
    EngineSelection selection = EngineSelection.of(EngineChoice.AUTO, Device.AUTO, Precision.FP32);

    assertThat(selection.engine().name()).isEqualTo("nd4j");
    assertThat(selection.reason()).startsWith(reason);
    assertThatThrownBy(() -> EngineSelection.of(EngineChoice.AUTO, Device.CUDA, Precision.FP32))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot train on CUDA: expected a CUDA device and a build with -Ptorch-cuda, or with"
                + " -Pnd4j-cuda for compute capability 3.7 and 5.0 to 8.9, got none (train.device"
                + " is cuda, train.engine is auto; "
                + reason
                + "; "
                + Nd4jOpsEngine.cudaProblem().orElseThrow()
                + ")");
  }

  /** Whether its metrics are read with every step or not. */
  @ParameterizedTest
  @EnumSource(names = {"FP32", "BF16"})
  void freesWhatAStepMakes(Precision precision) {
    TorchSettings settings = new TorchSettings(Device.CPU, precision, 1, false, 7);
    try (TrainingNet net = net(new TorchEngine(settings))) {
      float[] features = new float[2 * N * SPEC.encoder().featureDim()];
      useOften(net, features, 10);
      long count = Pointer.totalCount();
      long bytes = Pointer.totalBytes();
      long resident = Pointer.physicalBytes();

      useOften(net, features, 200);

      // Collections of garbage that other tests left can only lower the first two.
      assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
      assertThat(Pointer.totalBytes()).isLessThanOrEqualTo(bytes);
      assertThat(Pointer.physicalBytes() - resident).isLessThan(64L << 20);
    }
  }

  private static void useOften(TrainingNet net, float[] features, int times) {
    float[] views = views(1);
    for (int i = 0; i < times; i++) {
      net.step(views, 4, SIZE / 2, RATES);
      net.advance(views, 4, SIZE / 2, new float[0], RATES);
      net.encode(views, 4, SIZE / 2, features);
    }
    net.importWeights(net.exportWeights());
    net.importOptimizer(net.exportOptimizer());
  }

  @Test
  void freesANetworkThatIsClosed() {
    Engine engine = cpu(Precision.FP32, 0);
    net(engine).close();
    long count = Pointer.totalCount();
    for (int i = 0; i < 20; i++) {
      try (TrainingNet net = net(engine)) {
        steps(net, 0, 1);
      }
    }
    assertThat(Pointer.totalCount()).isLessThanOrEqualTo(count);
  }
}
