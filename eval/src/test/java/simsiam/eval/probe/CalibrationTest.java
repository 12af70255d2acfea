package simsiam.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationTest {
  @Test
  void isTheMeanDifferenceOfBins() {
    Calibration calibration = new Calibration();
    assertThat(calibration.error()).isZero();
    // Bin (0.8, 0.8667]: 0.81 and 0.85, one right: |1 - 1.66|. Bin (0.9333, 1]: 1 right, |1 - 1|.
    calibration.add(0.81, true);
    calibration.add(0.85, false);
    calibration.add(1, true);
    // On the edge 1/3 of bins 5 and 6: belongs to the lower, (4/15, 5/15].
    calibration.add(0.28, true);
    calibration.add(5 / 15.0, false);
    assertThat(calibration.error())
        .isCloseTo(100 * (0.66 + 0 + Math.abs(1 - 0.28 - 5 / 15.0)) / 5, within(1e-9));
  }
}
