package simsiam.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaLinearAlgebraTest {
  @ParameterizedTest
  @CsvSource({
    "false, false, 1, 1, 1",
    "false, false, 5, 7, 3",
    "true, false, 6, 600, 9",
    "false, true, 130, 65, 33",
    "true, true, 4, 1030, 40",
    "false, true, 150, 140, 100"
  })
  void equalsTheDefinition(boolean transposeA, boolean transposeB, int m, int n, int k) {
    Random random = new Random(1);
    float[] a = randoms(random, 3 + m * k);
    float[] b = randoms(random, 5 + k * n);
    float[] c = new float[m * n + 2];
    Arrays.fill(c, 42f);

    new JavaLinearAlgebra().gemm(transposeA, transposeB, m, n, k, a, 3, b, 5, c);

    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double expected = 0;
        for (int p = 0; p < k; p++) {
          double left = a[3 + (transposeA ? p * m + i : i * k + p)];
          double right = b[5 + (transposeB ? j * k + p : p * n + j)];
          expected += left * right;
        }
        assertThat((double) c[i * n + j]).isCloseTo(expected, within(1e-6 * (k + 1)));
      }
    }
    assertThat(Arrays.copyOfRange(c, m * n, m * n + 2)).containsExactly(42f, 42f);
  }

  private static float[] randoms(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
