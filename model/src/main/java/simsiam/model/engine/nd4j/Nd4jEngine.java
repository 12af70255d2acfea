package simsiam.model.engine.nd4j;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import org.bytedeco.javacpp.Pointer;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Precision;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.onednn.Bfloat16Instructions;
import simsiam.model.engine.nd4j.onednn.OneDnn;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/** Trains on the CPU with ND4J's native ops and oneDNN. */
public final class Nd4jEngine implements Engine {
  /** Measured with oneDNN held to AVX-512 without bf16; with less than AVX-512 it is more. */
  private static final String SLOWDOWN = "1.6";

  private final Nd4jBackend backend = Nd4jBackend.load();
  private final LinearAlgebra linearAlgebra =
      new HostLinearAlgebra(new Nd4jLinearAlgebra(), backend.threads());
  private final Precision precision;

  /** In float32. */
  public Nd4jEngine() {
    this(Precision.FP32);
  }

  /**
   * With feature maps of {@code precision}, in eval mode too; weights, statistics, heads and loss
   * are float32.
   *
   * @throws IllegalArgumentException if it is neither FP32 nor BF16
   * @throws IllegalStateException if it is BF16 and the processor has no instructions for it
   */
  public Nd4jEngine(Precision precision) {
    if (precision != Precision.FP32 && precision != Precision.BF16) {
      throw new IllegalArgumentException(
          "Cannot train with ND4J: expected precision fp32 or bf16 on the CPU, got "
              + precision.name().toLowerCase(Locale.ROOT));
    }
    if (precision == Precision.BF16) {
      bfloat16Problem()
          .ifPresent(
              problem -> {
                throw new IllegalStateException(
                    "Cannot train in bf16: expected a processor with AMX or AVX512_BF16, got "
                        + problem
                        + " (train.precision=fp32 trains on it)");
              });
    }
    this.precision = precision;
  }

  /** {@code AMX}, {@code AVX512_BF16} or that there is neither. */
  public static String bfloat16Instructions() {
    return Bfloat16Instructions.here().toString();
  }

  /** Why training in bf16 is no use on this processor; empty if it is. */
  public static Optional<String> bfloat16Problem() {
    return Bfloat16Instructions.here().present()
        ? Optional.empty()
        : Optional.of(
            "one whose instructions are %s, on which a step in bf16 takes at least %s times as long"
                    .formatted(Bfloat16Instructions.instructionSet(), SLOWDOWN)
                + " as in fp32");
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public String describe() {
    String library = backend.describe(OneDnn.describe());
    return precision == Precision.BF16 ? library + ", bf16" : library;
  }

  @Override
  public int threads() {
    return backend.threads();
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    return new Nd4jNet(
        method,
        weights,
        parameters -> new HostKernels(parameters, backend.threads()),
        precision == Precision.BF16 ? ElementType.BFLOAT16 : ElementType.FLOAT32);
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
