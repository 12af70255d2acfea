package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowProductsTest {
  private static final int ROWS = 1500;

  static List<Engine> engines() {
    return Engines.all();
  }

  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  /** Against loops in double precision; the last rows do not fill a tile, and sums go on after. */
  @ParameterizedTest
  @MethodSource("engines")
  void areThoseOfTheFormulas(Engine engine) {
    for (int[] shape : new int[][] {{7, 3}, {600, 10}, {3000, 21}}) {
      int dim = shape[0];
      int columns = shape[1];
      float[] x = random(ROWS * dim, 1);
      float[] w = random(columns * dim, 2);
      float[] p = random(ROWS * columns, 3);
      double[] sum = new double[columns * dim];
      try (RowProducts products = engine.linearAlgebra().rowProducts(dim, columns)) {
        products.weights(random(columns * dim, 4));
        products.weights(w);
        for (int row = 0; row < ROWS; row += products.rows()) {
          int count = Math.min(products.rows(), ROWS - row);
          float[] z = new float[products.rows() * columns];
          products.load(x, row * dim, count);
          products.forward(z);
          for (int i = 0; i < count * columns; i += 13) {
            double expected = 0;
            for (int j = 0; j < dim; j++) {
              expected += x[(row + i / columns) * dim + j] * (double) w[i % columns * dim + j];
            }
            assertThat((double) z[i]).isCloseTo(expected, within(1e-4));
          }
          float[] part = new float[count * columns];
          System.arraycopy(p, row * columns, part, 0, part.length);
          products.backward(part);
          if (row == 0) {
            products.takeSum(sum);
          }
        }
        products.takeSum(sum);
        products.takeSum(sum); // which has nothing left
      }
      for (int i = 0; i < sum.length; i += 17) {
        double expected = 0;
        for (int row = 0; row < ROWS; row++) {
          expected += p[row * columns + i / dim] * (double) x[row * dim + i % dim];
        }
        assertThat(sum[i]).isCloseTo(expected, within(1e-3));
      }
    }
  }
}
