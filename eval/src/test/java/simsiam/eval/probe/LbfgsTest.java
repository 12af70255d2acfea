package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.SyntheticFeatures;

class LbfgsTest {
  /** Σ scaleᵢ·(xᵢ - i)²/2 with curvatures from 1 to 10⁶; preconditioned by some of them. */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Bowl(double[] scales, boolean preconditioned) implements Lbfgs.Function {
    @Override
    public double evaluate(double[] point, double[] gradient) {
      double value = 0;
      for (int i = 0; i < point.length; i++) {
        gradient[i] = scales[i] * (point[i] - i);
        value += gradient[i] * (point[i] - i) / 2;
      }
      return value;
    }

    @Override
    public void precondition(double[] vector) {
      for (int i = 0; i < vector.length && preconditioned; i++) {
        vector[i] /= 1.5 * scales[i];
      }
    }
  }

  private static Bowl bowl(boolean preconditioned) {
    double[] scales = new double[50];
    Arrays.setAll(scales, i -> Math.pow(10, 6 * i / 49.0));
    return new Bowl(scales, preconditioned);
  }

  @Test
  void findsTheMinimum() {
    double[] point = new double[50];
    Lbfgs.Outcome outcome = new Lbfgs(bowl(false), 1e-6, 10_000).minimise(point);
    assertThat(outcome.gradient()).isLessThanOrEqualTo(1e-6);
    for (int i = 0; i < 50; i++) {
      assertThat(point[i]).isCloseTo(i, within(1e-5));
    }
  }

  @Test
  void aGoodPreconditionerSavesNearlyAllSteps() {
    int without = new Lbfgs(bowl(false), 1e-6, 10_000).minimise(new double[50]).iterations();
    int with = new Lbfgs(bowl(true), 1e-6, 10_000).minimise(new double[50]).iterations();
    assertThat(with).isLessThan(5);
    assertThat(without).isGreaterThan(50);
  }

  @Test
  void anEndThatRoundingHidesIsTold() {
    Lbfgs.Function noisy =
        new Lbfgs.Function() {
          @Override
          public double evaluate(double[] point, double[] gradient) {
            gradient[0] = (float) (point[0] + 1e-4); // never below 1e-5 where the value is flat
            gradient[0] = Math.copySign(Math.max(1e-5, Math.abs(gradient[0])), gradient[0]);
            return (float) (1000 + point[0] * point[0] / 2);
          }

          @Override
          public void precondition(double[] vector) {}
        };
    Lbfgs.Outcome outcome = new Lbfgs(noisy, 1e-9, 50).minimise(new double[] {3});
    assertThat(outcome.gradient()).isGreaterThan(1e-9);
    assertThat(outcome.iterations()).isLessThanOrEqualTo(50);
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    FeatureSet train = SyntheticFeatures.clouds(300, 6, 4, 1.5, 3);
    MultinomialLoss loss =
        new MultinomialLoss(
            new JavaLinearAlgebra(), MultinomialLoss.PASS, TrainingRows.of(train, 0.25));
    loss.over(200, 0.3);
    Random random = new Random(1);
    double[] point = random.doubles(loss.parameters(), -0.5, 0.5).toArray();
    double[] gradient = new double[point.length];
    loss.evaluate(point, gradient);
    double[] ignored = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      double before = point[i];
      double step = 1e-2;
      point[i] = before + step;
      double up = loss.evaluate(point, ignored);
      point[i] = before - step;
      double down = loss.evaluate(point, ignored);
      point[i] = before;
      assertThat(gradient[i]).isCloseTo((up - down) / (2 * step), within(2e-4));
    }
  }

  @Test
  void choleskySolves() {
    Random random = new Random(2);
    int n = 70;
    double[][] root = new double[n][];
    Arrays.setAll(root, i -> random.doubles(n, -1, 1).toArray());
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          a[i][j] += root[i][k] * root[j][k];
        }
      }
    }
    double[] expected = random.doubles(n, -1, 1).toArray();
    double[] values = new double[n + 2];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        values[2 + i] += (0.5 * a[i][j] + (i == j ? 3 : 0)) * expected[j];
      }
    }
    Cholesky.of(a, 0.5, 3).orElseThrow().solve(values, 2);
    for (int i = 0; i < n; i++) {
      assertThat(values[2 + i]).isCloseTo(expected[i], within(1e-10));
    }
    assertThat(Cholesky.of(new double[][] {{1, 2}, {2, 1}}, 1, 0)).isEmpty();
  }
}
