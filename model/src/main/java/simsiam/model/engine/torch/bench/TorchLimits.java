package simsiam.model.engine.torch.bench;

import java.util.OptionalDouble;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.bench.MachineLimits;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.torch.TorchEngine;
import simsiam.model.engine.torch.TorchSettings;

/** Measures what a device can do at most, by libtorch's own products and copies. */
@SuppressWarnings("try") // scopes work by being open
public final class TorchLimits {
  private static final int REPEATS = 5;
  private static final int RUNS = 10;

  private TorchLimits() {}

  /**
   * The fastest of some runs of each; on CUDA a float32 product may be one in TF32.
   *
   * @param side rows and columns of the product
   * @param copied float32 values of the copy, more than the caches hold
   * @throws IllegalStateException if libtorch cannot use the device
   */
  public static MachineLimits measure(Device device, int side, int copied) {
    new TorchEngine(new TorchSettings(device, Precision.FP32, 0)); // loads it, or says why not
    try (PointerScope scope = new PointerScope();
        NoGradGuard constant = new NoGradGuard()) {
      if (device.isCuda()) {
        torch.globalContext().setAllowTF32CuBLAS(true);
      }
      return new MachineLimits(
          product(device, side, torch.ScalarType.Float),
          OptionalDouble.of(product(device, side, torch.ScalarType.BFloat16)),
          copy(device, copied));
    }
  }

  private static Tensor on(Device device, Tensor tensor, torch.ScalarType type) {
    return device.isCuda()
        ? tensor.to(
            new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) device.index()), type)
        : tensor.to(type);
  }

  /** 10⁹ operations a second. */
  private static double product(Device device, int side, torch.ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      Tensor a = on(device, torch.ones(side, side), type);
      Tensor b = a.mul(new Scalar(0.5));
      Tensor c = torch.mm(a, b);
      return 2.0 * side * side * side / fastest(c, () -> torch.mm_out(c, a, b));
    }
  }

  /** 10⁹ bytes a second, read and written. */
  private static double copy(Device device, int copied) {
    try (PointerScope scope = new PointerScope()) {
      Tensor from = on(device, torch.ones(copied), torch.ScalarType.Float);
      Tensor to = from.clone();
      return 2.0 * Float.BYTES * copied / fastest(to, () -> to.copy_(from));
    }
  }

  /** Nanoseconds of one run; a value is read to wait for them. */
  private static double fastest(Tensor result, Runnable run) {
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      try (PointerScope scope = new PointerScope()) {
        long start = System.nanoTime();
        for (int j = 0; j < RUNS; j++) {
          run.run();
        }
        result.view(-1).narrow(0, 0, 1).to(torch.ScalarType.Float).item_float();
        fastest = Math.min(fastest, (System.nanoTime() - start) / (double) RUNS);
      }
    }
    return fastest;
  }
}
