package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.EngineChoice;
import simsiam.model.train.spec.PredictorLr;
import simsiam.model.train.spec.TrainSpec;

class PrecisionTest {
  private static TrainSpec spec(Precision precision) {
    return new TrainSpec(
        EngineChoice.AUTO,
        Device.AUTO,
        precision,
        false,
        1,
        2,
        0.1,
        0,
        0.9,
        0,
        PredictorLr.CONSTANT,
        1,
        0,
        false,
        1,
        List.of(),
        DeviceCache.AUTO);
  }

  /** So that fingerprints and checkpoints hold what it stands for. */
  @ParameterizedTest
  @CsvSource({"AUTO, FP32", "FP32, FP32", "TF32, TF32", "BF16, BF16"})
  void autoIsReadAsWhatItStandsFor(Precision asked, Precision expected) {
    assertThat(spec(asked).precision()).isEqualTo(expected);
    assertThat(spec(asked)).isEqualTo(spec(expected));
  }

  /** Steps in bf16 are told from steps in float32 on the same library. */
  @Test
  void theCpusEngineSaysWhichItComputesIn() {
    assumeThat(Nd4jEngine.bfloat16Problem()).isEmpty();
    EngineSelection selection = EngineSelection.of(EngineChoice.ND4J, Device.CPU, Precision.BF16);
    Arithmetic bfloat16 = Arithmetic.of(selection.engine(), Precision.BF16, 0);
    Arithmetic float32 = Arithmetic.of(new Nd4jEngine(), Precision.FP32, 0);

    assertThat(bfloat16.describe()).endsWith(" threads, bf16");
    assertThat(float32.describe()).endsWith(" threads, fp32");
    assertThat(bfloat16.exactAs(float32)).isFalse();
    assertThat(bfloat16.exactAs(Arithmetic.of(new Nd4jEngine(Precision.BF16), Precision.BF16, 9)))
        .isTrue();
  }
}
