package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.ViewDevice;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.Targets;

/** Training on views that the engine makes, by libtorch on the CPU. */
class DeviceViewsTest {
  @TempDir private Path folder;
  private final Engine torch =
      new TorchEngine(new TorchSettings(Device.CPU, Precision.FP32, 1, false, 3));

  private static boolean never() {
    return false;
  }

  private static Pretrainer.Job job(ViewDevice device, Targets targets) {
    ObjectiveSpec objective = TargetTrainings.objective(targets, 1, 0);
    Pretrainer.Job job = TargetTrainings.job(objective, PredictorKind.MLP, TargetTrainings.EPOCHS);
    AugmentSpec augment = job.augment().on(device);
    return new Pretrainer.Job(job.network(), augment, job.train(), job.seed());
  }

  private Checkpoint train(ViewDevice device, String name, BooleanSupplier stop) {
    return TargetTrainings.pretrainer(torch, job(device, Targets.LIVE), folder.resolve(name), stop)
        .run();
  }

  private static void assertSame(Checkpoint one, Checkpoint other) throws IOException {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors")) {
      assertThat(one.folder().resolve(file)).hasSameBinaryContentAs(other.folder().resolve(file));
    }
  }

  /** Of the first step: later ones amplify that a few samples are rounded otherwise. */
  private double firstLoss(String name) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name).resolve("steps.csv"));
    assertThat(lines.get(0)).startsWith("step,loss,");
    String first = lines.get(1);
    int from = first.indexOf(',') + 1;
    return Double.parseDouble(first.substring(from, first.indexOf(',', from)));
  }

  @Test
  void trainsOnTheViewsOfTheCpu() throws IOException {
    train(ViewDevice.CPU, "cpu", DeviceViewsTest::never);
    train(ViewDevice.GPU, "gpu", DeviceViewsTest::never);
    assertThat(firstLoss("gpu")).isCloseTo(firstLoss("cpu"), within(5e-3));
  }

  /** No device but the CPU is in use: its threads make the same views exactly. */
  @Test
  void autoLeavesThemToTheCpuWhereTheEngineIsThere() throws IOException {
    Checkpoint cpu = train(ViewDevice.CPU, "cpu", DeviceViewsTest::never);
    assertSame(train(ViewDevice.AUTO, "auto", DeviceViewsTest::never), cpu);
  }

  @Test
  void anInterruptedTrainingEndsWithTheSameWeights() throws IOException {
    Checkpoint whole = train(ViewDevice.GPU, "whole", DeviceViewsTest::never);
    AtomicInteger steps = new AtomicInteger();
    assertThatThrownBy(() -> train(ViewDevice.GPU, "parts", () -> steps.incrementAndGet() == 7))
        .isInstanceOf(CancellationException.class);
    Checkpoint parts = train(ViewDevice.GPU, "parts", DeviceViewsTest::never);
    assertSame(parts, whole);
    assertThat(parts.state().augment().device()).isEqualTo(ViewDevice.GPU);
  }

  @Test
  void refusesWhatCannotMakeThem() {
    Engine nd4j = new Nd4jEngine(Precision.FP32);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TargetTrainings.pretrainer(
                    nd4j, job(ViewDevice.GPU, Targets.LIVE), folder, DeviceViewsTest::never))
        .withMessage(
            "Cannot train: expected augment.device cpu or auto of the engine nd4j, got gpu");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TargetTrainings.pretrainer(
                    torch, job(ViewDevice.GPU, Targets.EPOCH), folder, DeviceViewsTest::never))
        .withMessage(
            "Cannot train: expected augment.device cpu or auto where objective.targets is not"
                + " live, got gpu");
  }
}
