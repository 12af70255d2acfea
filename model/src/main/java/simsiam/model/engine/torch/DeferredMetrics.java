package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.StepMetrics;

/**
 * Metrics of steps, gathered on the device until there are enough to be worth waiting for: reading
 * a value waits for all that the device was given to do, which then stands idle until it is given
 * more.
 */
final class DeferredMetrics implements AutoCloseable {
  private static final int VALUES = 2;

  private final int every;
  private final Tensor gathered;
  private int count;

  DeferredMetrics(TorchRuntime runtime) {
    every = runtime.metricsEvery();
    gathered =
        NativeScope.freeing(() -> runtime.toDevice(torch.zeros(every, VALUES)).retainReference());
  }

  /**
   * Runs one more step. What is due is read before it, and so after its input was given to the
   * device; of a device that nothing waits for, after it.
   *
   * @param step loss and deviation of the output, [2]
   * @return the metrics that were read
   */
  List<StepMetrics> around(Supplier<Tensor> step) {
    List<StepMetrics> due = count == every ? settle() : List.of();
    Tensor measured = step.get();
    NativeScope.evaluating(() -> gathered.select(0, count).copy_(measured));
    count++;
    return every == 1 ? settle() : due;
  }

  /** Those of all steps since the last reading; waits for the device. */
  List<StepMetrics> settle() {
    if (count == 0) {
      return List.of();
    }
    float[] values = NativeScope.freeing(() -> Transfer.toArray(gathered.narrow(0, 0, count)));
    List<StepMetrics> metrics = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      metrics.add(new StepMetrics(values[VALUES * i], values[VALUES * i + 1]));
    }
    count = 0;
    return metrics;
  }

  @Override
  public void close() {
    gathered.close();
  }
}
