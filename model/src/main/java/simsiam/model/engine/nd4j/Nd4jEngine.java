package simsiam.model.engine.nd4j;

import java.util.SortedMap;
import org.bytedeco.javacpp.Pointer;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.host.OneDnn;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/** Trains on the CPU with ND4J's native ops and oneDNN. */
public final class Nd4jEngine implements Engine {
  private final Nd4jBackend backend = Nd4jBackend.load();
  private final LinearAlgebra linearAlgebra = new Nd4jLinearAlgebra();

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String describe() {
    return backend.describe(OneDnn.describe());
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    return new Nd4jNet(
        method, weights, parameters -> new HostKernels(parameters, backend.threads()));
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return linearAlgebra;
  }

  /** Gives native memory that was freed, by whichever engine, back to the system. */
  public static void trimMemory() {
    Pointer.trimMemory();
  }
}
