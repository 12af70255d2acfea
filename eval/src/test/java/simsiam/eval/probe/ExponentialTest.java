package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExponentialTest {
  @Test
  void isThatOfTheMathLibrary() {
    int count = 100_000;
    float[] x = new float[count + 1];
    for (int i = 0; i < count; i++) {
      x[i] = Exponential.LEAST * i / (count - 1);
    }
    x[count] = -1; // not one of those meant
    float[] before = x.clone();
    Exponential.replace(x, count);
    for (int i = 0; i < count; i++) {
      assertThat((double) x[i]).isCloseTo(Math.exp(before[i]), within(3e-7));
    }
    assertThat(x[0]).isEqualTo(1f);
    assertThat(x[count]).isEqualTo(-1f);
  }
}
