package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

class StepMemoryTest {
  private static final Method METHOD =
      Method.of(
          new NetworkSpec(
              new EncoderSpec(Arch.RESNET18, Stem.CIFAR, 16, false),
              new ProjectorSpec(2, 128, true, true, true),
              new PredictorSpec(PredictorKind.MLP, 32, true, false),
              new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC)));

  /** By hand: 153,600 outputs of convolutions and 128 + 128 + 32 + 128 of linear layers a view. */
  @Test
  void anImageTakesItsMapsBeforeAndAfterTheirNorm() {
    StepMemory single = StepMemory.of(METHOD, 32, Precision.FP32);
    long maps = 2L * 2 * (153_600 + 416) * 4;
    assertThat(single.image()).isEqualTo(2 * 3 * 1024 * 4 + maps * 5 / 4);

    StepMemory half = StepMemory.of(METHOD, 32, Precision.BF16);
    assertThat(half.image()).isEqualTo(2 * 3 * 1024 * 6 + maps / 2 * 5 / 4);
    assertThat(half.fixed()).isEqualTo(single.fixed() / 12 * 18);
  }

  /** 370 MiB more for 256 images were measured on the CPU in bf16, 716 in float32. */
  @Test
  void isNearWhatWasMeasured() {
    double mib = 1 << 20;
    assertThat(256 * StepMemory.of(METHOD, 32, Precision.FP32).image() / mib)
        .isBetween(650.0, 800.0);
    assertThat(256 * StepMemory.of(METHOD, 32, Precision.BF16).image() / mib)
        .isBetween(330.0, 420.0);
  }

  @Test
  void whatFitsIsSmallerAndAMultipleOfEightIfItCanBe() {
    StepMemory memory = new StepMemory(1000, 10);
    assertThat(memory.fitting(512, 0, 5000)).isEqualTo(368); // (4750 - 1000) / 10 = 375
    assertThat(memory.fitting(512, 1000 + 512 * 20, 5000)).isEqualTo(184); // an image took 20
    assertThat(memory.fitting(64, 0, 100_000)).isEqualTo(56); // it did not fit, whatever the model
    assertThat(memory.fitting(512, 0, 1100)).isEqualTo(4);
    assertThat(memory.fitting(512, 0, 900)).isZero();
  }
}
