package simsiam.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PcaTest {
  @Test
  void findsTheAxesOfAHandExample() {
    // Two along (3, 4)/5 at ±5, two along (4, -3)/5 at ±1, about (10, 20): variances 50/3 and 2/3.
    float[] points = {13, 24, 7, 16, 10.8f, 19.4f, 9.2f, 20.6f};
    Pca pca = Pca.fit(points, 2, 2);
    assertThat(pca.component(0)).containsExactly(new double[] {0.6, 0.8}, within(1e-6));
    assertThat(pca.component(1)).containsExactly(new double[] {0.8, -0.6}, within(1e-6));
    assertThat(pca.variance(0)).isCloseTo(50.0 / 3, within(1e-5));
    assertThat(pca.variance(1)).isCloseTo(2.0 / 3, within(1e-5));
    assertThat(pca.share(0)).isCloseTo(25.0 / 26, within(1e-6));
    assertThat(pca.project(points, 0, 0)).isCloseTo(5, within(1e-6));
    assertThat(pca.project(points, 6, 1)).isCloseTo(-1, within(1e-6));
  }

  /** {@code numpy.linalg.svd(x - x.mean(0))} of NumPy 2.4, each vector signed by its largest. */
  @Test
  void componentsAreNumPys() {
    int n = 60;
    int dim = 24;
    float[] points = new float[n * dim];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < dim; j++) {
        double waves = 3 * Math.sin(0.7 * i + 0.2 * j) + 2 * Math.cos(1.9 * i - 0.3 * j);
        points[i * dim + j] = (float) (waves + (i * 7 + j * 13) % 11 / 11.0 + j);
      }
    }

    Pca pca = Pca.fit(points, dim, 3);

    double[][] first = {
      {0.12148863, 0.17249718, 0.2121327, 0.24673969},
      {-0.25609175, -0.2239381, -0.18202618, -0.12687623},
      {0.14115784, 0.22285883, 0.26989678, 0.29624326}
    };
    double[] variances = {84.0628932, 61.20268282, 7.54286138};
    double[] last = {-16.366397202, -4.120925524, 0.266065042};
    for (int c = 0; c < 3; c++) {
      assertThat(Arrays.copyOf(pca.component(c), 4)).containsExactly(first[c], within(1e-6));
      assertThat(pca.variance(c)).isCloseTo(variances[c], within(1e-5));
      assertThat(pca.share(c)).isCloseTo(variances[c] / 161.0728871, within(1e-7));
      assertThat(pca.project(points, (n - 1) * dim, c)).isCloseTo(last[c], within(1e-5));
    }
  }

  @Test
  void componentsAreEigenvectorsOfTheCovarianceAndNoneIsLarger() {
    int n = 400;
    int dim = 40;
    float[] points = cloud(n, dim);
    Pca pca = Pca.fit(points, dim, 3);
    double[][] covariance = covariance(points, n, dim);
    for (int c = 0; c < 3; c++) {
      double[] v = pca.component(c);
      for (int i = 0; i < dim; i++) {
        double sum = 0;
        for (int j = 0; j < dim; j++) {
          sum += covariance[i][j] * v[j];
        }
        assertThat(sum).isCloseTo(pca.variance(c) * v[i], within(1e-7));
      }
    }
    assertThat(pca.variance(0)).isGreaterThan(pca.variance(1));
    Random random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      double[] v = random.doubles(dim, -1, 1).toArray();
      double norm = 0;
      double quadratic = 0;
      for (int i = 0; i < dim; i++) {
        norm += v[i] * v[i];
        for (int j = 0; j < dim; j++) {
          quadratic += v[i] * covariance[i][j] * v[j];
        }
      }
      assertThat(quadratic / norm).isLessThanOrEqualTo(pca.variance(0));
    }
  }

  @Test
  void pointsOnALineHaveOneComponent() {
    float[] points = new float[30];
    for (int i = 0; i < 10; i++) {
      points[3 * i] = i;
      points[3 * i + 1] = 2 * i;
      points[3 * i + 2] = -2 * i;
    }
    Pca pca = Pca.fit(points, 3, 2);
    assertThat(pca.share(0)).isCloseTo(1, within(1e-9));
    assertThat(pca.share(1)).isCloseTo(0, within(1e-9));
    assertThat(pca.component(0))
        .containsExactly(new double[] {1 / 3.0, 2 / 3.0, -2 / 3.0}, within(1e-9));
  }

  @Test
  void equalPointsHaveNoVariance() {
    Pca pca = Pca.fit(new float[] {1, 2, 1, 2, 1, 2}, 2, 2);
    assertThat(pca.share(0)).isZero();
    assertThat(pca.project(new float[] {1, 2}, 0, 0)).isZero();
  }

  @Test
  void refusesASinglePoint() {
    assertThatThrownBy(() -> Pca.fit(new float[] {1, 2}, 2, 2))
        .hasMessage(
            "Cannot find 2 principal components: expected 2 points or more of 2 channels or more, got 1 of 2");
  }

  private static float[] cloud(int n, int dim) {
    Random random = new Random(1);
    float[] points = new float[n * dim];
    for (int i = 0; i < n; i++) {
      double shared = random.nextGaussian();
      for (int j = 0; j < dim; j++) {
        points[i * dim + j] =
            (float) (5 + shared * Math.cos(j) + random.nextGaussian() / (1 + j % 7));
      }
    }
    return points;
  }

  private static double[][] covariance(float[] points, int n, int dim) {
    double[][] result = new double[dim][dim];
    for (int a = 0; a < dim; a++) {
      for (int b = 0; b < dim; b++) {
        double ma = 0;
        double mb = 0;
        double mab = 0;
        for (int i = 0; i < n; i++) {
          ma += points[i * dim + a];
          mb += points[i * dim + b];
          mab += (double) points[i * dim + a] * points[i * dim + b];
        }
        result[a][b] = (mab - ma * mb / n) / (n - 1);
      }
    }
    return result;
  }
}
