package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LbfgsTest {
  private interface Function {
    double evaluate(double[] point, double[] gradient);
  }

  private static Lbfgs minimise(Function function, Lbfgs search) {
    do {
      search.tell(function.evaluate(search.trial(), search.trialGradient()));
    } while (search.next());
    return search;
  }

  /** Σ scaleᵢ·(xᵢ - i)²/2 with curvatures from 1 to 10⁶. */
  private static double bowl(double[] point, double[] gradient) {
    double value = 0;
    for (int i = 0; i < point.length; i++) {
      gradient[i] = scale(i) * (point[i] - i);
      value += gradient[i] * (point[i] - i) / 2;
    }
    return value;
  }

  private static double scale(int i) {
    return Math.pow(10, 6 * i / 49.0);
  }

  private static Lbfgs search() {
    return new Lbfgs(new double[50], 1e-6, 10_000);
  }

  @Test
  void findsTheMinimum() {
    Lbfgs found = minimise(LbfgsTest::bowl, search());
    assertThat(found.gradient()).isLessThanOrEqualTo(1e-6);
    for (int i = 0; i < 50; i++) {
      assertThat(found.point()[i]).isCloseTo(i, within(1e-5));
    }
  }

  @Test
  void aGoodPreconditionerSavesNearlyAllSteps() {
    Lbfgs helped = search();
    helped.precondition(
        vector -> {
          for (int i = 0; i < vector.length; i++) {
            vector[i] /= 1.5 * scale(i);
          }
        });
    assertThat(minimise(LbfgsTest::bowl, helped).iterations()).isLessThan(5);
    assertThat(minimise(LbfgsTest::bowl, search()).iterations()).isGreaterThan(50);
  }

  @Test
  void anEndThatRoundingHidesIsTold() {
    Function noisy =
        (point, gradient) -> {
          gradient[0] = (float) (point[0] + 1e-4); // never below 1e-5 where the value is flat
          gradient[0] = Math.copySign(Math.max(1e-5, Math.abs(gradient[0])), gradient[0]);
          return (float) (1000 + point[0] * point[0] / 2);
        };
    Lbfgs found = minimise(noisy, new Lbfgs(new double[] {3}, 1e-9, 50));
    assertThat(found.gradient()).isGreaterThan(1e-9);
    assertThat(found.iterations()).isLessThanOrEqualTo(50);
  }

  @Test
  void choleskySolves() {
    Random random = new Random(2);
    int n = 70;
    double[][] root = new double[n][];
    Arrays.setAll(root, i -> random.doubles(n, -1, 1).toArray());
    float[][] a = new float[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          a[i][j] += (float) (root[i][k] * root[j][k]);
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
    assertThat(Cholesky.of(new float[][] {{1, 2}, {2, 1}}, 1, 0)).isEmpty();
  }
}
