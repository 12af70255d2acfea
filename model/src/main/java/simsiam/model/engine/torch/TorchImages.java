package simsiam.model.engine.torch;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.Precision;

/** The host memory, reused from step to step, through which pixels reach the device. */
final class TorchImages implements AutoCloseable {
  private final TorchRuntime runtime;
  private Tensor buffer;

  TorchImages(TorchRuntime runtime) {
    this.runtime = runtime;
    buffer = runtime.hostBuffer(0, torch.ScalarType.Float);
  }

  /**
   * Pixels [count, S, S, 3] as a tensor [count, 3, S, S] stored channels-last, valid until the next
   * call. Needs a pointer scope.
   */
  Tensor load(float[] pixels, int count, int size) {
    int length = Math.multiplyExact(count, Math.multiplyExact(size, size) * 3);
    if (buffer.numel() < length) {
      buffer.close();
      buffer =
          runtime.hostBuffer(
              0,
              torch.ScalarType.Float); // there may be no room for both, nor for the new one alone
      Tensor larger = runtime.hostBuffer(length, torch.ScalarType.Float);
      buffer.close();
      buffer = larger;
    }
    FloatPointer data = buffer.data_ptr_float();
    data.put(pixels, 0, length);
    Tensor images = torch.from_blob(data, count, size, size, 3);
    images = runtime.toDevice(images).permute(0, 3, 1, 2);
    return runtime.precision() == Precision.BF16 ? images.to(torch.ScalarType.BFloat16) : images;
  }

  @Override
  public void close() {
    buffer.close();
  }
}
