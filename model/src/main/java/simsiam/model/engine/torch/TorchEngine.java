package simsiam.model.engine.torch;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.pytorch.SizeTPair;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.ViewDevice;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/**
 * The engine on libtorch, on the CPU or a CUDA device. On the CPU, and on CUDA if asked, two runs
 * from the same state give the same bits, as long as the number of threads is the same.
 */
public final class TorchEngine implements Engine {
  private final TorchRuntime runtime;

  /**
   * Loads libtorch.
   *
   * @throws IllegalStateException if the natives are not on the class path, or there is no such
   *     device
   * @throws IllegalArgumentException if the device lacks the precision
   */
  public TorchEngine(TorchSettings settings) {
    runtime = TorchRuntime.open(settings);
  }

  /** Whether this build and this machine have libtorch at all; loads it. */
  public static boolean isAvailable() {
    return TorchNatives.loadingFailure().isEmpty();
  }

  /**
   * Why libtorch cannot use a CUDA device here, in words; empty if it can. Loads it where the build
   * has it for CUDA.
   */
  public static Optional<String> cudaProblem() {
    return TorchNatives.cudaProblem();
  }

  /**
   * How often values were read from libtorch's devices so far in this process, each time waiting
   * for what the device was given to do.
   */
  public static long readBacks() {
    return Transfer.reads();
  }

  /**
   * How many arrays were brought to libtorch's devices so far in this process, each by a copy where
   * the device has memory of its own.
   */
  public static long arraysSent() {
    return Transfer.sent();
  }

  /** Bytes of a CUDA device that are in use, by whatever process. */
  public static long usedBytes(Device device) {
    return NativeScope.freeing(
        () -> {
          SizeTPair freeAndTotal = torch.getMemoryInfo((byte) device.index());
          return freeAndTotal.second() - freeAndTotal.first();
        });
  }

  @Override
  public String name() {
    return "torch";
  }

  @Override
  public String describe() {
    return runtime.describe();
  }

  @Override
  public int threads() {
    return runtime.threads();
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    return TorchFailure.told(runtime.device(), "make the network", () -> made(method, weights));
  }

  private TorchNet made(Method method, SortedMap<String, Tensor> weights) {
    TorchNet net = new TorchNet(method, runtime);
    try {
      net.importWeights(weights);
      return net;
    } catch (RuntimeException | Error e) {
      net.close();
      throw e;
    }
  }

  @Override
  public boolean makesViews(ViewDevice asked) {
    return asked == ViewDevice.GPU || (asked == ViewDevice.AUTO && runtime.cuda());
  }

  /** Of the machine's memory on the CPU, which others use too, a quarter. */
  @Override
  public long freeBytes() {
    if (runtime.cuda()) {
      byte index = (byte) runtime.device().index();
      return NativeScope.freeing(() -> torch.getMemoryInfo(index).first());
    }
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getTotalMemorySize() / 4;
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return new TorchLinearAlgebra(runtime);
  }
}
