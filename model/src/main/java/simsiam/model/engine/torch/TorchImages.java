package simsiam.model.engine.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.Precision;

/** Brings pixels to the device. */
final class TorchImages implements AutoCloseable {
  private final TorchRuntime runtime;
  private final HostBytes host;

  TorchImages(TorchRuntime runtime) {
    this.runtime = runtime;
    host = new HostBytes(runtime);
  }

  /**
   * Pixels [count, S, S, 3] as a tensor [count, 3, S, S] stored channels-last, valid until the next
   * call. Needs a pointer scope.
   */
  Tensor load(float[] pixels, int count, int size) {
    int length = Math.multiplyExact(count, Math.multiplyExact(size, size) * 3);
    Tensor values = host.room((long) Float.BYTES * length).view(torch.ScalarType.Float);
    values.data_ptr_float().put(pixels, 0, length);
    Tensor images = runtime.toDevice(values.view(count, size, size, 3)).permute(0, 3, 1, 2);
    return runtime.precision() == Precision.BF16 ? images.to(torch.ScalarType.BFloat16) : images;
  }

  @Override
  public void close() {
    host.close();
  }
}
