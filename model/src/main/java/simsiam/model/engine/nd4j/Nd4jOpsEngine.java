package simsiam.model.engine.nd4j;

import java.util.Optional;
import java.util.SortedMap;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.ops.OpsKernels;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/**
 * Trains with ND4J's own operations alone, on CUDA; on the CPU it shows that the same program
 * computes what the other engines do, slower than {@link Nd4jEngine}.
 */
public final class Nd4jOpsEngine implements Engine {
  /** The compute capabilities of CUDA devices that ND4J can use. */
  public static final String CAPABILITIES = CudaDevice.CAPABILITIES;

  private final Nd4jBackend backend;
  private final LinearAlgebra linearAlgebra = new Nd4jLinearAlgebra();

  private Nd4jOpsEngine(Nd4jBackend backend) {
    this.backend = backend;
  }

  /**
   * The engine on the first CUDA device.
   *
   * @throws IllegalStateException if this build or this machine cannot run ND4J on CUDA, or this
   *     process has used ND4J on the CPU
   */
  public static Nd4jOpsEngine cuda() {
    return new Nd4jOpsEngine(Nd4jBackend.loadCuda());
  }

  /**
   * The engine on the CPU.
   *
   * @throws IllegalStateException if this process has used ND4J on CUDA
   */
  public static Nd4jOpsEngine cpu() {
    return new Nd4jOpsEngine(Nd4jBackend.load());
  }

  /** Whether this build has ND4J for CUDA; loads nothing. */
  public static boolean hasCuda() {
    return Nd4jCuda.isOnClassPath();
  }

  /** Why ND4J cannot use a CUDA device here, in words; empty if it can. */
  public static Optional<String> cudaProblem() {
    return Nd4jCuda.found().problem();
  }

  @Override
  public String name() {
    return backend.cuda().isPresent() ? "nd4j-cuda" : "nd4j-ops";
  }

  @Override
  public String describe() {
    return backend.describe("operations of its own");
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    return new Nd4jNet(method, weights, OpsKernels::new, ElementType.FLOAT32);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return linearAlgebra;
  }
}
