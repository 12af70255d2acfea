package simsiam.model.engine.torch;

import java.util.Optional;
import java.util.SortedMap;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/**
 * The engine on libtorch, on the CPU or the first CUDA device. On the CPU two runs from the same
 * state give the same bits, as long as the number of threads is the same.
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
  public LinearAlgebra linearAlgebra() {
    return new TorchLinearAlgebra(runtime);
  }
}
