package simsiam.model.engine.nd4j.kernels;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's {@code matmul}, bound once to its arrays and run many times. */
public final class MatrixProduct implements Kernel {
  private final DynamicCustomOp op = DynamicCustomOp.builder("matmul").build();
  private final OpContext context = Nd4j.getExecutioner().buildContext();

  /** {@code c = op(a)·op(b)}, added to {@code c} if {@code accumulate}. */
  public MatrixProduct(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      boolean accumulate) {
    try {
      context.setInputArrays(a, b);
      context.setOutputArrays(c);
      context.setIArguments(transposeA ? 1 : 0, transposeB ? 1 : 0, 0);
      context.setTArguments(1, accumulate ? 1 : 0); // factors of the product and of what is in c
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
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
