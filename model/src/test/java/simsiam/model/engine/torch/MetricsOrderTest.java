package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.StepMetrics;

/** When the metrics of steps are read, which waits for them. */
class MetricsOrderTest {
  private static TorchRuntime every(int steps) {
    return TorchRuntime.open(new TorchSettings(Device.CPU, Precision.FP32, 1, false, steps));
  }

  private static StepMetrics metrics(int step) {
    return new StepMetrics(step, step + 0.5);
  }

  private static Tensor measured(TorchRuntime runtime, int step) {
    return Transfer.of(new float[] {step, step + 0.5f}, runtime, 2);
  }

  private static List<StepMetrics> around(DeferredMetrics metrics, Supplier<Tensor> step) {
    return NativeScope.freeing(() -> metrics.around(step));
  }

  /** The input of the third step is on its way by then. */
  @Test
  void thoseOfTwoStepsAreReadBeforeTheThird() {
    TorchRuntime runtime = every(2);
    try (DeferredMetrics metrics = new DeferredMetrics(runtime)) {
      long before = Transfer.reads();
      assertThat(around(metrics, () -> measured(runtime, 1))).isEmpty();
      assertThat(around(metrics, () -> measured(runtime, 2))).isEmpty();
      assertThat(Transfer.reads()).isEqualTo(before);
      Supplier<Tensor> third =
          () -> {
            assertThat(Transfer.reads()).isEqualTo(before + 1);
            return measured(runtime, 3);
          };
      assertThat(around(metrics, third)).containsExactly(metrics(1), metrics(2));
      assertThat(metrics.settle()).containsExactly(metrics(3));
      assertThat(metrics.settle()).isEmpty();
      assertThat(Transfer.reads()).isEqualTo(before + 2);
    }
  }

  @Test
  void thoseOfEachStepAreReadAfterIt() {
    TorchRuntime runtime = every(1);
    try (DeferredMetrics metrics = new DeferredMetrics(runtime)) {
      for (int step = 1; step <= 3; step++) {
        int now = step;
        assertThat(around(metrics, () -> measured(runtime, now))).containsExactly(metrics(now));
      }
    }
  }
}
