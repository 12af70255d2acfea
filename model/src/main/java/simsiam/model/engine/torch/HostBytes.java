package simsiam.model.engine.torch;

import org.bytedeco.pytorch.Tensor;

/** Host memory, reused and page-locked, through which values reach the device. */
final class HostBytes implements AutoCloseable {
  private final TorchRuntime runtime;
  private Tensor bytes;

  HostBytes(TorchRuntime runtime) {
    this.runtime = runtime;
    bytes = runtime.hostBytes(0);
  }

  /**
   * That many bytes, whose values last until more are asked for than ever before. Needs a pointer
   * scope.
   */
  Tensor room(long length) {
    if (bytes.numel() < length) {
      bytes.close();
      bytes = runtime.hostBytes(0); // there may be no room for both, nor for the new one alone
      Tensor larger = runtime.hostBytes(length);
      bytes.close();
      bytes = larger;
    }
    return bytes.narrow(0, 0, length);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
