package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simsiam.model.engine.TensorMaps.plus;
import static simsiam.model.engine.TensorMaps.scaled;

import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;

/** What one training step is, of every engine: identities that hold whatever the numbers are. */
@ParameterizedClass(name = "{0}")
@MethodSource("simsiam.model.engine.Engines#all")
class EngineStepTest {
  private static final int N = 6;
  private static final int SIZE = 8;
  private static final Rates STILL = new Rates(0, 0, 0, 0);

  @Parameter private Engine engine;

  private record Measured(double loss, double outputStd, SortedMap<String, Tensor> gradients) {}

  @Test
  void symmetricLossIsTheMeanOfItsHalves() {
    float[] a = Hashed.pixels(N, SIZE, 1);
    float[] b = Hashed.pixels(N, SIZE, 2);
    Measured ab = measure(objective(true, Symmetry.ASYMMETRIC), a, b);
    Measured ba = measure(objective(true, Symmetry.ASYMMETRIC), b, a);
    Measured both = measure(objective(true, Symmetry.SYMMETRIC), a, b);

    assertThat(both.loss()).isCloseTo((ab.loss() + ba.loss()) / 2, within(1e-6));
    TensorMaps.assertNear(
        both.gradients(), scaled(plus(ab.gradients(), ba.gradients()), 0.5), 1e-4);
  }

  @Test
  void asymmetric2xIsTheMeanOverTwoPairsOfViews() {
    float[] a = Hashed.pixels(N, SIZE, 1);
    float[] b = Hashed.pixels(N, SIZE, 2);
    float[] c = Hashed.pixels(N, SIZE, 3);
    float[] d = Hashed.pixels(N, SIZE, 4);
    Measured ab = measure(objective(true, Symmetry.ASYMMETRIC), a, b);
    Measured cd = measure(objective(true, Symmetry.ASYMMETRIC), c, d);
    Measured all = measure(objective(true, Symmetry.ASYMMETRIC_2X), a, b, c, d);

    assertThat(all.loss()).isCloseTo((ab.loss() + cd.loss()) / 2, within(1e-6));
    assertThat(all.outputStd()).isCloseTo((ab.outputStd() + cd.outputStd()) / 2, within(1e-6));
    TensorMaps.assertNear(all.gradients(), scaled(plus(ab.gradients(), cd.gradients()), 0.5), 1e-4);
  }

  /**
   * Without predictor D(z1, z2) is symmetric in its arguments: the gradient through both is that
   * through the first with the second held, plus the reverse.
   */
  @Test
  void stopGradientHoldsTheTargetAndNothingElse() {
    float[] a = Hashed.pixels(N, SIZE, 1);
    float[] b = Hashed.pixels(N, SIZE, 2);
    NetworkSpec stopped = withoutPredictor(objective(true, Symmetry.ASYMMETRIC));
    NetworkSpec through = withoutPredictor(objective(false, Symmetry.ASYMMETRIC));
    Measured ab = measure(stopped, a, b);
    Measured ba = measure(stopped, b, a);
    Measured full = measure(through, a, b);

    assertThat(full.loss()).isCloseTo(ab.loss(), within(1e-6)).isCloseTo(ba.loss(), within(1e-6));
    TensorMaps.assertNear(full.gradients(), plus(ab.gradients(), ba.gradients()), 1e-4);
    assertThat(TensorMaps.norm(ab.gradients())).isGreaterThan(0.1);
  }

  /** A view of twice the contrast is the same view to batch norm over that view alone. */
  @Test
  void batchNormTakesEachViewByItself() {
    float[] a = Hashed.pixels(N, SIZE, 1);
    float[] twice = a.clone();
    for (int i = 0; i < a.length; i++) {
      twice[i] *= 2;
    }
    NetworkSpec spec = withoutPredictor(objective(true, Symmetry.SYMMETRIC));

    assertThat(measure(spec, a, twice).loss()).isCloseTo(-1, within(1e-4));
  }

  @Test
  void runningStatisticsTakeEachViewInTurn() {
    NetworkSpec spec = objective(true, Symmetry.SYMMETRIC);
    SortedMap<String, Tensor> weights = Hashed.weights(spec);
    float[] a = Hashed.pixels(N, SIZE, 1);
    float[] b = Hashed.pixels(N, SIZE, 2);
    Tensor kernel = weights.get("backbone.conv1.weight");
    double[][] first = NaiveStem.channelStatistics(a, N, SIZE, kernel);
    double[][] second = NaiveStem.channelStatistics(b, N, SIZE, kernel);

    try (TrainingNet net = engine.create(spec, weights)) {
      net.step(TensorMaps.joined(a, b), N, SIZE, STILL);
      float[] mean = net.exportWeights().get("backbone.bn1.running_mean").data();
      float[] variance = net.exportWeights().get("backbone.bn1.running_var").data();
      for (int c = 0; c < mean.length; c++) {
        double expected = 0.9 * (0.1 * first[c][0]) + 0.1 * second[c][0];
        assertThat(mean[c]).isCloseTo((float) expected, within(1e-6f));
        expected = 0.9 * (0.9 + 0.1 * first[c][1]) + 0.1 * second[c][1];
        assertThat(variance[c]).isCloseTo((float) expected, within(1e-5f));
      }
    }
  }

  @Test
  void outputStdIsZeroForEqualImages() {
    float[] one = Hashed.pixels(1, SIZE, 1);
    float[] views = new float[2 * N * one.length];
    for (int i = 0; i < 2 * N; i++) {
      System.arraycopy(one, 0, views, i * one.length, one.length);
    }
    NetworkSpec spec = ReferenceCase.spec("no batch norm in the heads");
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      assertThat(net.step(views, N, SIZE, STILL).outputStd()).isCloseTo(0, within(1e-5));
    }
  }

  @Test
  void movesByHeavyBallWithCoupledWeightDecay() {
    NetworkSpec spec = objective(true, Symmetry.SYMMETRIC);
    Rates rates = new Rates(0.02, 0.05, 0.9, 0.01);
    float[] views = Hashed.pixels(2 * N, SIZE, 1);
    SortedMap<String, Tensor> w0 = Hashed.weights(spec);
    SortedMap<String, Tensor> w1;
    SortedMap<String, Tensor> w2;
    SortedMap<String, Tensor> buffer;
    try (TrainingNet net = engine.create(spec, w0)) {
      net.step(views, N, SIZE, rates);
      w1 = net.exportWeights();
      net.step(views, N, SIZE, rates);
      w2 = net.exportWeights();
      buffer = net.exportOptimizer();
    }
    var g0 = plus(gradients(spec, w0, views), scaled(TensorMaps.trained(spec, w0), 0.01));
    var g1 = plus(gradients(spec, w1, views), scaled(TensorMaps.trained(spec, w1), 0.01));
    TensorMaps.assertNear(buffer, plus(scaled(g0, 0.9), g1), 1e-4);
    buffer.forEach(
        (name, ball) -> {
          double rate = name.startsWith("predictor") ? 0.05 : 0.02;
          for (int i = 0; i < ball.data().length; i++) {
            float expected = (float) (w1.get(name).data()[i] - rate * ball.data()[i]);
            assertThat(w2.get(name).data()[i]).as(name).isCloseTo(expected, within(3e-7f));
          }
        });
  }

  @Test
  void leavesAFixedPredictorAsItIs() {
    NetworkSpec spec = ReferenceCase.spec("fixed predictor");
    SortedMap<String, Tensor> weights = Hashed.weights(spec);
    try (TrainingNet net = engine.create(spec, weights)) {
      net.step(Hashed.pixels(2 * N, SIZE, 1), N, SIZE, new Rates(0.1, 0.1, 0.9, 0.1));

      assertThat(net.exportOptimizer().keySet()).noneMatch(name -> name.startsWith("predictor"));
      for (String name : List.of("predictor.0.weight", "predictor.1.bias", "predictor.3.bias")) {
        assertThat(net.exportWeights().get(name).data()).isEqualTo(weights.get(name).data());
      }
      assertThat(net.exportWeights().get("backbone.conv1.weight").data())
          .isNotEqualTo(weights.get("backbone.conv1.weight").data());
    }
  }

  @Test
  void reportsALossThatIsNotANumber() {
    NetworkSpec spec = objective(true, Symmetry.SYMMETRIC);
    float[] views = Hashed.pixels(2 * N, SIZE, 1);
    views[7] = Float.NaN;
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      assertThat(net.step(views, N, SIZE, STILL).loss()).isNaN();
    }
  }

  private Measured measure(NetworkSpec spec, float[]... views) {
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      StepMetrics metrics = net.step(TensorMaps.joined(views), N, SIZE, STILL);
      return new Measured(metrics.loss(), metrics.outputStd(), net.exportOptimizer());
    }
  }

  /** The optimiser's buffers after a step without momentum and weight decay are the gradients. */
  private SortedMap<String, Tensor> gradients(
      NetworkSpec spec, SortedMap<String, Tensor> weights, float[] views) {
    try (TrainingNet net = engine.create(spec, weights)) {
      net.step(views, N, SIZE, STILL);
      return net.exportOptimizer();
    }
  }

  private static NetworkSpec objective(boolean stopGradient, Symmetry symmetry) {
    NetworkSpec base = ReferenceCase.spec("resnet10");
    ObjectiveSpec objective = new ObjectiveSpec(Similarity.COSINE, stopGradient, symmetry);
    return new NetworkSpec(base.encoder(), base.projector(), base.predictor(), objective);
  }

  private static NetworkSpec withoutPredictor(NetworkSpec spec) {
    NetworkSpec none = ReferenceCase.spec("no predictor");
    return new NetworkSpec(spec.encoder(), spec.projector(), none.predictor(), spec.objective());
  }
}
