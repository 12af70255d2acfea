package simsiam.eval.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;

/**
 * Held against NumPy 2: {@code numpy.linalg.svd(x - x.mean(0), compute_uv=False) ** 2 / len(x)}.
 */
class SpectrumTest {
  private static final double[] MANY = {
    1.2613575352043667,
    1.0700445761235862,
    0.9467700762558771,
    0.8621553685347557,
    0.6887441151401019,
    0.5927880699522481
  };
  private static final double[] FEW = {
    2.8874408910878158, 1.411931480361193, 1.0586631309295318, 0.5105191851214586
  };

  /** Sixty-fourths, which floats hold exactly. */
  private static float[] points(int n, int dim) {
    float[] points = new float[n * dim];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < dim; j++) {
        points[i * dim + j] = ((i * 7919 + j * 104729 + (i * j) % 31 * 13) % 211) / 64f;
      }
    }
    return points;
  }

  @Test
  void isThatOfNumpy() {
    assertThat(Spectrum.of(points(40, 6), 6).values()).containsExactly(MANY, offset(1e-12));
  }

  /** Fewer points than channels: one value less than points, as the mean takes one away. */
  @Test
  void isThatOfNumpyWithFewPoints() {
    assertThat(Spectrum.of(points(5, 8), 8).values()).containsExactly(FEW, offset(1e-12));
  }

  @Test
  void directionsThatAreNotUsedHaveNoValue() {
    float[] line = new float[30];
    for (int i = 0; i < 10; i++) {
      line[3 * i] = i;
      line[3 * i + 1] = -2 * i;
      line[3 * i + 2] = 7;
    }
    // The variance of 0 ... 9 is 8.25, along (1, -2, 0) five times as much.
    assertThat(Spectrum.of(line, 3).values()).containsExactly(new double[] {41.25}, offset(1e-12));
    assertThat(Spectrum.of(new float[] {1, 2, 1, 2, 1, 2}, 2).values()).isEmpty();
    assertThat(Spectrum.of(new float[] {1, 2}, 2).values()).isEmpty();
  }

  @Test
  void wantsWholeRows() {
    assertThatThrownBy(() -> Spectrum.of(new float[5], 2))
        .hasMessage("Cannot take a spectrum: expected rows of 2 channels, got 5 values");
    assertThatThrownBy(() -> Spectrum.of(new float[0], 2))
        .hasMessage("Cannot take a spectrum: expected rows of 2 channels, got 0 values");
  }
}
