package simsiam.pipelines.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.ConfigLoader;
import simsiam.pipelines.config.RunConfig;

class TrainingMemoryTest {
  private static final long GIB = 1L << 30;

  private static RunConfig config(String... overrides) {
    return new ConfigLoader(Optional.empty())
        .load(Path.of("..", "conf", "base.yaml"), List.of(overrides))
        .config();
  }

  private static List<String> violations(long heap, long machine, String... overrides) {
    RunConfig config = config(overrides);
    return TrainingMemory.of(config).violations(config, heap, machine).stream()
        .map(Violation::toString)
        .toList();
  }

  @Test
  void theDefaultsFitIntoASmallMachine() {
    // torchvision's ResNet-18 without fc has 11,176,512 parameters and 9,600 running statistics,
    // the 3x3 stem 7,680 fewer; projector and predictor by hand.
    long backbone = 11_176_512 + 9_600 - 7_680;
    long projector = 512L * 2048 + 2048L * 2048 + 2 * 4 * 2048;
    long predictor = 2048L * 512 + 4 * 512 + 512L * 2048 + 2048;

    TrainingMemory memory = TrainingMemory.of(config());

    assertThat(memory.parameters()).isEqualTo(4 * (backbone + projector + predictor));
    assertThat(memory.views()).isEqualTo(3L * 2 * 512 * 3 * 32 * 32 * 4);
    assertThat(violations(GIB, 4 * GIB)).isEmpty();
  }

  @Test
  void aNetworkLargerThanTheMachineIsRefusedByTheKeyThatMakesItSo() {
    assertThat(violations(4 * GIB, 16 * GIB, "projector.dim=40000"))
        .containsExactly(
            "Invalid projector.dim: expected less, as the network's weights take 6.2 GiB of the"
                + " heap's 4.0 GiB, and with gradients and momentum 18.7 GiB of the machine's 16.0"
                + " GiB, got 40000");
    assertThat(violations(4 * GIB, 16 * GIB, "encoder.width=1024"))
        .singleElement()
        .asString()
        .startsWith("Invalid encoder.width: expected less, as the network's weights take 10.");
    assertThat(violations(16 * GIB, 64 * GIB, "projector.dim=40000")).isEmpty();
  }

  @Test
  void batchesThatTheHeapCannotHoldAreRefused() {
    assertThat(violations(4 * GIB, 16 * GIB, "augment.crop_size=224", "train.batch_size=2048"))
        .containsExactly(
            "Invalid train.batch_size: expected less, as three batches of views (augment.crop_size"
                + " 224) take 6.9 GiB of the heap's 4.0 GiB, got 2048");
  }
}
