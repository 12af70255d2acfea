package simsiam.model.engine.nd4j.kernels;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** An operation of ND4J's native library, bound once to its arrays and run many times. */
public final class BoundOp implements Kernel {
  private final DynamicCustomOp op;
  private final OpContext context;

  /**
   * Binds an operation.
   *
   * @param name in ND4J
   * @param integers its integer arguments, in order
   * @param numbers its floating-point arguments, in order
   */
  public BoundOp(
      String name,
      List<INDArray> inputs,
      List<INDArray> outputs,
      long[] integers,
      double[] numbers) {
    // The op needs to know its arrays too: by them CUDA's executioner tells that outputs changed.
    op =
        DynamicCustomOp.builder(name)
            .addInputs(inputs.toArray(INDArray[]::new))
            .addOutputs(outputs.toArray(INDArray[]::new))
            .build();
    context = Nd4j.getExecutioner().buildContext();
    try {
      context.setInputArrays(inputs);
      context.setOutputArrays(outputs);
      context.setIArguments(integers);
      context.setTArguments(numbers);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** {@code c = op(a)·op(b)}, added to {@code c} if {@code accumulate}; op transposes if asked. */
  public static BoundOp product(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      boolean accumulate) {
    long[] transposed = {transposeA ? 1 : 0, transposeB ? 1 : 0, 0};
    double[] factors = {1, accumulate ? 1 : 0}; // of the product and of what is in c
    return new BoundOp("matmul", List.of(a, b), List.of(c), transposed, factors);
  }

  @Override
  public void run() {
    Nd4j.getExecutioner().exec(op, context);
  }

  @Override
  public void close() {
    try {
      context.close();
    } catch (Exception e) {
      throw new IllegalStateException("Cannot free an op context", e);
    }
  }
}
