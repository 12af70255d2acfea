package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/** What a network keeps, of every engine: weights in and out, resuming, evaluation, memory. */
@ParameterizedClass(name = "{0}")
@MethodSource("simsiam.model.engine.Engines#all")
class EngineStateTest {
  private static final int N = 6;
  private static final int SIZE = 8;
  private static final Rates RATES = new Rates(0.02, 0.05, 0.9, 5e-4);

  private final NetworkSpec spec = ReferenceCase.spec("resnet10");
  @Parameter private Engine engine;

  @Test
  void exportsWhatItImported() {
    SortedMap<String, Tensor> weights = Hashed.weights(spec);
    SortedMap<String, Tensor> momentum = TensorMaps.scaled(TensorMaps.trained(spec, weights), 3);
    try (TrainingNet net = engine.create(spec, weights)) {
      TensorMaps.assertSameBits(net.exportWeights(), weights);
      assertThat(net.exportOptimizer().keySet()).containsExactlyElementsOf(momentum.keySet());
      assertThat(TensorMaps.norm(net.exportOptimizer())).isZero();
      net.importWeights(TensorMaps.scaled(weights, 2));
      net.importOptimizer(momentum);
      TensorMaps.assertSameBits(net.exportWeights(), TensorMaps.scaled(weights, 2));
      TensorMaps.assertSameBits(net.exportOptimizer(), momentum);
    }
  }

  @Test
  void continuesBitForBit() {
    SortedMap<String, Tensor> weights;
    SortedMap<String, Tensor> momentum;
    SortedMap<String, Tensor> expected;
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      steps(net, 0, 4);
      weights = net.exportWeights();
      momentum = net.exportOptimizer();
      steps(net, 4, 8);
      expected = net.exportWeights();
    }
    try (TrainingNet net = engine.create(spec, weights)) {
      net.importOptimizer(momentum);
      steps(net, 4, 8);
      TensorMaps.assertSameBits(net.exportWeights(), expected);
    }
  }

  @Test
  void repeatsBitForBit() {
    try (TrainingNet one = engine.create(spec, Hashed.weights(spec));
        TrainingNet other = engine.create(spec, Hashed.weights(spec))) {
      steps(one, 0, 6);
      steps(other, 0, 6);
      TensorMaps.assertSameBits(one.exportWeights(), other.exportWeights());
    }
  }

  @Test
  void encodesEachImageByRunningStatisticsAlone() {
    int dim = spec.encoder().featureDim();
    float[] images = Hashed.pixels(3, SIZE, 9);
    float[] last = Arrays.copyOfRange(images, 2 * images.length / 3, images.length);
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      steps(net, 0, 2);
      SortedMap<String, Tensor> before = net.exportWeights();
      float[] together = new float[3 * dim];
      float[] alone = new float[dim];
      net.encode(images, 3, SIZE, together);
      net.encode(last, 1, SIZE, alone);

      for (int i = 0; i < dim; i++) {
        assertThat(alone[i]).isCloseTo(together[2 * dim + i], within(1e-5f));
      }
      TensorMaps.assertSameBits(net.exportWeights(), before);
      before.get("backbone.layer4.0.bn2.running_mean").data()[0] -= 1;
      net.importWeights(before);
      net.encode(last, 1, SIZE, together);
      assertThat(together[0]).isNotEqualTo(alone[0]);
    }
  }

  @Test
  void changesBatchAndImageSize() {
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec));
        TrainingNet fresh = engine.create(spec, Hashed.weights(spec))) {
      fresh.encode(Hashed.pixels(9, 16, 3), 9, 16, new float[9 * spec.encoder().featureDim()]);
      fresh.encode(Hashed.pixels(2, 8, 3), 2, 8, new float[2 * spec.encoder().featureDim()]);
      float[] longer = Arrays.copyOf(Hashed.pixels(8, 16, 1), 100_000);
      StepMetrics expected = net.step(Hashed.pixels(8, 16, 1), 4, 16, RATES);
      assertThat(fresh.step(longer, 4, 16, RATES)).isEqualTo(expected);
    }
  }

  @Test
  void refusesWeightsOfAnotherNetwork() {
    SortedMap<String, Tensor> misshapen = Hashed.weights(spec);
    misshapen.put("backbone.conv1.weight", Tensor.of(new float[4 * 3 * 49], 4, 3, 7, 7));
    SortedMap<String, Tensor> missing = Hashed.weights(spec);
    missing.remove("projector.1.running_var");
    SortedMap<String, Tensor> more = Hashed.weights(spec);
    more.put("backbone.fc.bias", Tensor.of(new float[2], 2));

    assertRefused(
        misshapen, "expected shape [4, 3, 3, 3], got [4, 3, 7, 7] (backbone.conv1.weight)");
    assertRefused(
        missing,
        "expected the 80 tensors of the layout, got 79 (missing [projector.1.running_var],"
            + " unknown [])");
    assertRefused(
        more,
        "expected the 80 tensors of the layout, got 81 (missing [], unknown [backbone.fc.bias])");
  }

  private void assertRefused(SortedMap<String, Tensor> weights, String problem) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.create(spec, weights).close())
        .withMessage("Cannot import weights: " + problem);
  }

  @Test
  void refusesMomentumOfAnotherNetwork() {
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.importOptimizer(new TreeMap<>()))
          .withMessageStartingWith(
              "Cannot import momentum: expected the 48 tensors of the layout, got 0 (missing [");
    }
  }

  @Test
  void refusesArraysThatCannotHoldTheImages() {
    float[] few = new float[100];
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.step(few, 2, SIZE, RATES))
          .withMessage("Cannot train: expected at least 768 values, got 100 (views)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.step(few, 1, SIZE, RATES))
          .withMessage("Cannot train: expected at least 2 images a batch, got 1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.encode(few, 1, SIZE, few))
          .withMessage("Cannot encode: expected at least 192 values, got 100 (images)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> net.encode(few, 1, 5, new float[2]))
          .withMessage("Cannot encode: expected at least 32 values, got 2 (features)");
    }
  }

  @Test
  void refusesWorkOnceClosed() {
    TrainingNet net = engine.create(spec, Hashed.weights(spec));
    net.close();
    net.close();
    float[] pixels = Hashed.pixels(4, SIZE, 1);

    assertThatIllegalStateException()
        .isThrownBy(() -> net.step(pixels, 2, SIZE, RATES))
        .withMessage("Cannot train: the network is closed");
    assertThatIllegalStateException()
        .isThrownBy(() -> net.encode(pixels, 1, SIZE, new float[99]))
        .withMessage("Cannot encode: the network is closed");
    assertThatIllegalStateException()
        .isThrownBy(net::exportWeights)
        .withMessage("Cannot export weights: the network is closed");
  }

  /** A step of this network makes some 20 MB of intermediate values. */
  @Test
  void keepsNoMemoryFromStepToStep() {
    float[] views = Hashed.pixels(2 * 64, 16, 1);
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      for (int i = 0; i < 10; i++) {
        net.step(views, 64, 16, RATES);
      }
      long before = Pointer.physicalBytes();
      for (int i = 0; i < 40; i++) {
        net.step(views, 64, 16, RATES);
      }
      assertThat(Pointer.physicalBytes() - before).isLessThan(100L << 20);
    }
  }

  @Test
  void refusesToMultiplyBeyondAnArray() {
    float[] six = new float[6];

    assertThatIllegalArgumentException()
        .isThrownBy(() -> engine.linearAlgebra().gemm(false, false, 2, 2, 3, six, 0, six, 1, six))
        .withMessage("Cannot multiply: expected 6 values from 1 on, got 6 (b)");
  }

  @Test
  void multipliesMatrices() {
    int m = 5;
    int n = 7;
    int k = 3;
    float[] a = Hashed.pixels(1, 6, 1);
    float[] b = Hashed.pixels(1, 6, 2);
    for (int mode = 0; mode < 4; mode++) {
      boolean ta = mode % 2 == 1;
      boolean tb = mode > 1;
      float[] c = new float[m * n + 2];
      c[m * n] = 9;
      engine.linearAlgebra().gemm(ta, tb, m, n, k, a, 11, b, 13, c);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum +=
                (double) a[11 + (ta ? l * m + i : i * k + l)]
                    * b[13 + (tb ? j * k + l : l * n + j)];
          }
          assertThat(c[i * n + j]).isCloseTo((float) sum, within(1e-6f));
        }
      }
      assertThat(c[m * n]).isEqualTo(9);
    }
  }

  @Test
  void multipliesHeldRowsAsOften() {
    int m = 5;
    int n = 7;
    int k = 3;
    float[] rows = Hashed.pixels(1, 6, 1);
    float[] b = Hashed.pixels(1, 6, 2);
    float[] expected = new float[m * n];
    LinearAlgebra algebra = engine.linearAlgebra();
    try (LinearAlgebra.HeldRows held = algebra.hold(m, k, rows)) {
      for (int offset : new int[] {0, 13}) {
        float[] c = new float[m * n + 2];
        c[m * n] = 9;
        held.times(n, b, offset, c);
        algebra.gemm(false, true, m, n, k, rows, 0, b, offset, expected);
        assertThat(Arrays.copyOf(c, m * n)).containsExactly(expected, within(1e-6f));
        assertThat(c[m * n]).isEqualTo(9);
      }
    }
  }

  private static void steps(TrainingNet net, int from, int to) {
    for (int i = from; i < to; i++) {
      net.step(Hashed.pixels(2 * N, SIZE, i), N, SIZE, RATES);
    }
  }
}
