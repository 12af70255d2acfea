package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {
  @ParameterizedTest
  @CsvSource({
    "0.03, 0.03",
    "30.0, 30",
    "5e-4, 0.0005",
    "1e21, 1000000000000000000000",
    "0, 0",
    "1.3333333333333333, 1.3333333333333333",
    // Double.toString gives 2.0E-3 and 1.0E23 in one Java and another digit in the next.
    "2e-3, 0.002",
    "1e23, 100000000000000000000000"
  })
  void writesTheFewestDigits(double value, String expected) {
    assertThat(Decimals.shortest(value).toPlainString()).isEqualTo(expected);
  }

  @Test
  void readsBackAsTheSameNumber() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Decimals.shortest(value).doubleValue()).isEqualTo(value);
      }
    }
  }
}
