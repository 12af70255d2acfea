package simsiam.pipelines.stages.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;

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
    // Maps alone are bf16.
    assertThat(TrainingMemory.of(config("train.precision=bf16"))).isEqualTo(memory);
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
  void targetsThatTheHeapCannotHoldAreRefused() {
    RunConfig epoch = config("objective.targets=epoch");
    RunConfig steps = config("objective.targets=steps", "objective.target_steps=500");
    RunConfig average = config("objective.targets=moving_average", "objective.target_momentum=0.8");

    assertThat(TrainingMemory.ofTargets(epoch, 50_000, GIB / 2))
        .extracting(Violation::toString)
        .containsExactly(
            "Invalid objective.targets: expected other ones, as targets of the 50000 training"
                + " images take 0.8 GiB of the heap's 0.5 GiB, got epoch");
    assertThat(TrainingMemory.ofTargets(steps, 50_000, 2 * GIB))
        .extracting(Violation::toString)
        .containsExactly(
            "Invalid objective.target_steps: expected fewer, as targets of the 50000 training"
                + " images take 3.9 GiB of the heap's 2.0 GiB, got 500");
    assertThat(TrainingMemory.ofTargets(average, 50_000, GIB / 2)).isEmpty();
    assertThat(TrainingMemory.ofTargets(average, 1_281_167, GIB)).hasSize(1);
    assertThat(TrainingMemory.ofTargets(config(), 1_281_167, 1)).isEmpty();
  }

  @Test
  void batchesThatTheHeapCannotHoldAreRefused() {
    assertThat(violations(4 * GIB, 16 * GIB, "augment.crop_size=224", "train.batch_size=2048"))
        .containsExactly(
            "Invalid train.batch_size: expected less, as three batches of views (augment.crop_size"
                + " 224) take 6.9 GiB of the heap's 4.0 GiB, got 2048");
  }
}
