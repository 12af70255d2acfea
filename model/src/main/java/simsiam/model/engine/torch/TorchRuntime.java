package simsiam.model.engine.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;

/**
 * The loaded library, the device in use and the way tensors are made on it.
 *
 * @param device the CPU, or the CUDA device on which tensors live
 * @param deterministic whether a CUDA device gives the same bits again
 * @param metricsEvery steps whose metrics are read at once
 */
record TorchRuntime(
    Device device, Precision precision, int threads, boolean deterministic, int metricsEvery) {
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  /** Half a second of small steps, in which the device does not wait for this thread. */
  private static final int METRICS_EVERY = 50;

  static TorchRuntime open(TorchSettings settings) {
    TorchNatives.load();
    Device asked = settings.device();
    boolean cuda =
        switch (asked.kind()) {
          case CPU -> false;
          case AUTO -> torch.cuda_is_available();
          case CUDA -> true;
        };
    int count = cuda ? torch.cuda_device_count() : 0;
    if (asked.isCuda()) {
      requireCuda(asked, TorchNatives.cudaProblem());
      requireCounted(asked, count, System.getenv(VISIBLE));
    }
    if (settings.precision() == Precision.TF32 && !cuda) {
      throw new IllegalArgumentException(
          "Cannot start the torch engine: expected precision fp32 or bf16 on the CPU, got tf32");
    }
    int threads = settings.threads() > 0 ? settings.threads() : Defaults.THREADS;
    int every = cuda ? METRICS_EVERY : 1;
    return new TorchRuntime(
        cuda ? Device.cuda(asked.index() < count ? asked.index() : 0) : Device.CPU,
        settings.precision(),
        threads,
        settings.deterministic(),
        settings.metricsEvery() > 0 ? settings.metricsEvery() : every);
  }

  /** What libtorch chose when it was loaded. */
  private static final class Defaults {
    static final int THREADS = torch.get_num_threads();
  }

  private static void requireCuda(Device asked, Optional<String> problem) {
    problem.ifPresent(
        words -> {
          throw new IllegalStateException(
              "Cannot start the torch engine: expected a CUDA device, got none (train.device is %s, and %s)"
                  .formatted(asked, words));
        });
  }

  /**
   * Refuses a device that is not there.
   *
   * @param count of the devices that this process sees
   * @param visible {@code CUDA_VISIBLE_DEVICES}, or null
   */
  static void requireCounted(Device asked, int count, String visible) {
    if (asked.index() >= count) {
      throw new IllegalStateException(
          "Cannot start the torch engine: expected train.device cuda:0 to cuda:%s, got %s (%s)"
              .formatted(
                  count - 1,
                  asked,
                  visible == null
                      ? VISIBLE + " is not set"
                      : "counted among those of %s=%s".formatted(VISIBLE, visible)));
    }
  }

  String describe() {
    String where =
        cuda()
            ? "CUDA %s, cuDNN %s%s"
                .formatted(
                    Context.versionCUDART() / 1000,
                    Context.versionCuDNN(),
                    deterministic ? " deterministic" : "")
            : "CPU" + NativeScope.freeing(() -> " " + torch.get_cpu_capability().getString());
    return "libtorch %s, %s, %s, %s threads"
        .formatted(version(), where, precision.name().toLowerCase(Locale.ROOT), threads);
  }

  /** Whether tensors live on a CUDA device rather than on the CPU. */
  boolean cuda() {
    return device.isCuda();
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
   * other settings may live beside it: its threads, algorithms, TF32 only where asked for. In a
   * deterministic one libtorch refuses operations whose bits may differ from run to run.
   */
  void enter() {
    if (torch.get_num_threads() != threads) {
      torch.set_num_threads(threads);
    }
    Context context = torch.globalContext();
    context.setDeterministicMkldnn(true);
    context.setDeterministicAlgorithms(deterministic, false);
    context.setDeterministicFillUninitializedMemory(false);
    context.setDeterministicCuDNN(deterministic);
    context.setBenchmarkCuDNN(!deterministic);
    if (cuda()) {
      if (device.index() > 0) {
        torch.setDeviceIndex((byte) device.index()); // for memory that is page-locked for it
      }
      context.setAllowTF32CuBLAS(precision == Precision.TF32);
      context.setAllowTF32CuDNN(precision == Precision.TF32);
    }
  }

  /** Bytes of host memory, page-locked where a CUDA device copies from them. */
  Tensor hostBytes(long size) {
    return NativeScope.freeing(
        () -> {
          TensorOptions options =
              new TensorOptions()
                  .dtype(new ScalarTypeOptional(torch.ScalarType.Byte))
                  .pinned_memory(new BoolOptional(cuda()));
          return torch
              .empty(new long[] {size}, options, new MemoryFormatOptional())
              .retainReference();
        });
  }

  private org.bytedeco.pytorch.Device placed() {
    return new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) device.index());
  }

  /** A tensor on the device, with any values. Needs a pointer scope. */
  Tensor empty(torch.ScalarType type, long... shape) {
    TensorOptions options = new TensorOptions(type);
    if (cuda()) {
      options = options.device(new DeviceOptional(placed()));
    }
    return torch.empty(shape, options, new MemoryFormatOptional());
  }

  /** The tensor on the device; the same one where it is there already. Needs a pointer scope. */
  Tensor toDevice(Tensor tensor) {
    Transfer.countSent();
    return cuda() ? tensor.to(placed(), tensor.scalar_type()) : tensor;
  }
}
