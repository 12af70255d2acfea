package simsiam.eval.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class SoftmaxRegressionTest {
  private static final int DIM = 7;
  private static final int CLASSES = 4;

  private final FeatureSet data = SyntheticFeatures.clouds(30, DIM, CLASSES, 1, 3);
  private final SoftmaxRegression model =
      new SoftmaxRegression(
          new JavaLinearAlgebra(), DIM, CLASSES, LinearOptimizer.SGD, new Random(5));
  private final float[] scratch = new float[30 * CLASSES];

  @Test
  void startsAtSmallGaussianWeightsAndZeroBias() {
    float[] weights =
        new SoftmaxRegression(new JavaLinearAlgebra(), 500, 20, LinearOptimizer.SGD, new Random(1))
            .weights();
    double mean = 0;
    double square = 0;
    for (float weight : weights) {
      mean += weight / weights.length;
      square += weight * weight / weights.length;
    }
    assertThat(mean).isCloseTo(0, within(3e-4));
    assertThat(Math.sqrt(square)).isCloseTo(0.01, within(3e-4));
    assertThat(model.bias()).containsOnly(0f);
  }

  @Test
  void stepsAlongTheGradientOfFiniteDifferences() {
    NaiveProbe start = new NaiveProbe(model.weights(), model.bias());
    float[] before = model.weights();
    double lr = 1;

    model.step(data.features().block(0), data.labels(), 30, lr, scratch);

    float[] after = model.weights();
    double h = 1e-5;
    for (int c = 0; c < CLASSES; c++) {
      for (int j = 0; j < DIM; j++) {
        double kept = start.weights[c][j];
        start.weights[c][j] = kept + h;
        double up = start.loss(data.features().block(0), data.labels(), 30);
        start.weights[c][j] = kept - h;
        double down = start.loss(data.features().block(0), data.labels(), 30);
        start.weights[c][j] = kept;
        double gradient = (up - down) / (2 * h) / 30;
        double moved = (double) before[c * DIM + j] - after[c * DIM + j];
        assertThat(moved).isCloseTo(lr * gradient, within(1e-6));
      }
    }
  }

  @Test
  void twentyStepsEqualTheNaiveOnes() {
    NaiveProbe naive = new NaiveProbe(model.weights(), model.bias());
    for (int step = 0; step < 20; step++) {
      int n = step % 3 == 2 ? 11 : 30;
      double lr = 0.5 / (step + 1);
      double loss = model.step(data.features().block(0), data.labels(), n, lr, scratch);
      assertThat(loss)
          .isCloseTo(naive.step(data.features().block(0), data.labels(), n, lr), within(1e-3));
    }
    for (int c = 0; c < CLASSES; c++) {
      assertThat((double) model.bias()[c]).isCloseTo(naive.bias[c], within(1e-5));
      for (int j = 0; j < DIM; j++) {
        assertThat((double) model.weights()[c * DIM + j])
            .isCloseTo(naive.weights[c][j], within(1e-5));
      }
    }
  }

  /** Apex's LARC without clipping, straight from its definition. */
  @Test
  void twentyStepsOfLarsEqualTheNaiveOnes() {
    SoftmaxRegression lars =
        new SoftmaxRegression(
            new JavaLinearAlgebra(), DIM, CLASSES, LinearOptimizer.LARS, new Random(5));
    NaiveProbe naive = new NaiveProbe(lars.weights(), lars.bias(), true);
    float[] before = lars.weights();
    for (int step = 0; step < 20; step++) {
      double lr = 8.0 / (step + 1);
      double loss = lars.step(data.features().block(0), data.labels(), 30, lr, scratch);
      assertThat(loss)
          .isCloseTo(naive.step(data.features().block(0), data.labels(), 30, lr), within(1e-3));
    }
    for (int c = 0; c < CLASSES; c++) {
      assertThat((double) lars.bias()[c]).isCloseTo(naive.bias[c], within(1e-5));
      for (int j = 0; j < DIM; j++) {
        double weight = lars.weights()[c * DIM + j];
        assertThat(weight).isCloseTo(naive.weights[c][j], within(1e-6));
        assertThat(weight).isNotCloseTo(before[c * DIM + j], within(1e-5));
      }
    }
  }

  @Test
  void hugeLogitsKeepTheLossFinite() {
    float[] x = {1e6f, -1e6f, 1e6f, -1e6f, 1e6f, -1e6f, 1e6f};
    double first = model.step(x, new int[] {0}, 1, 30, scratch);
    double second = model.step(x, new int[] {1}, 1, 30, scratch);
    assertThat(first).isFinite();
    assertThat(second).isFinite().isGreaterThan(1e12);
  }
}
