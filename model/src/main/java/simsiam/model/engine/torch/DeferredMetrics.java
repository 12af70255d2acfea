package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
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
   * Takes the metrics of one more step.
   *
   * @param measured loss and deviation of the output, [2]
   * @return those of all steps since the last reading, if this is the last one before the next
   */
  List<StepMetrics> add(Tensor measured) {
    NativeScope.evaluating(() -> gathered.select(0, count).copy_(measured));
    count++;
    return count == every ? settle() : List.of();
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
