package simsiam.model.engine.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.Precision;

/**
 * The loaded library, the device in use and the way tensors are made on it.
 *
 * @param cuda whether tensors live on the first CUDA device rather than on the CPU
 */
record TorchRuntime(boolean cuda, Precision precision, int threads) {
  static TorchRuntime open(TorchSettings settings) {
    TorchNatives.load();
    boolean cuda =
        switch (settings.device()) {
          case CPU -> false;
          case AUTO -> torch.cuda_is_available();
          case CUDA -> requireCuda();
        };
    if (settings.precision() == Precision.TF32 && !cuda) {
      throw new IllegalArgumentException(
          "Cannot start the torch engine: expected precision fp32 or bf16 on the CPU, got tf32");
    }
    int threads = settings.threads() > 0 ? settings.threads() : Defaults.THREADS;
    return new TorchRuntime(cuda, settings.precision(), threads);
  }

  /** What libtorch chose when it was loaded. */
  private static final class Defaults {
    static final int THREADS = torch.get_num_threads();
  }

  private static boolean requireCuda() {
    TorchNatives.cudaProblem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(
                  "Cannot start the torch engine: expected a CUDA device, got none (train.device is"
                      + " cuda, and "
                      + problem
                      + ")");
            });
    return true;
  }

  String describe() {
    String device =
        cuda
            ? "CUDA " + Context.versionCUDART() / 1000 + ", cuDNN " + Context.versionCuDNN()
            : "CPU" + NativeScope.freeing(() -> " " + torch.get_cpu_capability().getString());
    return "libtorch %s, %s, %s, %s threads"
        .formatted(version(), device, precision.name().toLowerCase(Locale.ROOT), threads);
  }

  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot tell libtorch's version: " + e.getMessage(), e);
    }
  }

  /**
   * Sets libtorch's process-wide switches as this engine needs them, since another engine with
   * other settings may live beside it: its threads, exact algorithms, TF32 only where asked for.
   */
  void enter() {
    if (torch.get_num_threads() != threads) {
      torch.set_num_threads(threads);
    }
    Context context = torch.globalContext();
    context.setDeterministicMkldnn(true);
    if (cuda) {
      context.setDeterministicCuDNN(true);
      context.setBenchmarkCuDNN(false);
      context.setAllowTF32CuBLAS(precision == Precision.TF32);
      context.setAllowTF32CuDNN(precision == Precision.TF32);
    }
  }

  /** A tensor in host memory, page-locked where a CUDA device copies from it. */
  Tensor hostBuffer(long size, torch.ScalarType type) {
    return NativeScope.freeing(
        () -> {
          TensorOptions options =
              new TensorOptions()
                  .dtype(new ScalarTypeOptional(type))
                  .pinned_memory(new BoolOptional(cuda));
          return torch
              .empty(new long[] {size}, options, new MemoryFormatOptional())
              .retainReference();
        });
  }

  org.bytedeco.pytorch.Device device() {
    return new org.bytedeco.pytorch.Device(cuda ? torch.DeviceType.CUDA : torch.DeviceType.CPU);
  }

  /** The tensor on the device; the same one where it is there already. Needs a pointer scope. */
  Tensor toDevice(Tensor tensor) {
    return cuda ? tensor.to(device(), tensor.scalar_type()) : tensor;
  }
}
