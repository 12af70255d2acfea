package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

class CosineScheduleTest {
  @Test
  void startsAtTheScaledRateAndEndsNearZero() {
    CosineSchedule schedule = new CosineSchedule(train(800, 0, PredictorLr.CONSTANT), 97);

    assertThat(schedule.at(0).encoder()).isCloseTo(0.06, within(1e-12));
    assertThat(schedule.at(400 * 97).encoder()).isCloseTo(0.03, within(1e-12));
    assertThat(schedule.at(800 * 97 - 1).encoder()).isBetween(0.0, 1e-8);
  }

  @Test
  void predictorStaysAtTheFullRateIfConstant() {
    CosineSchedule schedule = new CosineSchedule(train(10, 2, PredictorLr.CONSTANT), 5);

    assertThat(schedule.at(0).predictor()).isEqualTo(0.06);
    assertThat(schedule.at(49).predictor()).isEqualTo(0.06);
  }

  @Test
  void predictorFollowsTheEncoderIfCosine() {
    CosineSchedule schedule = new CosineSchedule(train(10, 2, PredictorLr.COSINE), 5);

    for (int step = 0; step < 50; step++) {
      assertThat(schedule.at(step).predictor()).isEqualTo(schedule.at(step).encoder());
    }
  }

  @Test
  void warmsUpLinearlyThenDecaysOverTheRest() {
    CosineSchedule schedule = new CosineSchedule(train(10, 2, PredictorLr.CONSTANT), 5);

    assertThat(schedule.at(0).encoder()).isCloseTo(0.006, within(1e-12));
    assertThat(schedule.at(9).encoder()).isCloseTo(0.06, within(1e-12));
    assertThat(schedule.at(10).encoder()).isCloseTo(0.06, within(1e-12));
    assertThat(schedule.at(30).encoder()).isCloseTo(0.03, within(1e-12));
  }

  private static TrainSpec train(int epochs, int warmup, PredictorLr predictor) {
    return new TrainSpec(
        EngineChoice.ND4J,
        Device.CPU,
        Precision.FP32,
        false,
        epochs,
        512,
        0.03,
        warmup,
        0.9,
        5e-4,
        predictor,
        1,
        0,
        false,
        1,
        List.of(),
        DeviceCache.AUTO);
  }
}
