package simsiam.model.engine.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/** An ND4J custom op bound once to its arrays and run many times. */
final class NativeOp implements Kernel {
  private final DynamicCustomOp op;
  private final OpContext context;

  private NativeOp(String name, INDArray[] inputs, INDArray output, long[] ints, double[] reals) {
    op = DynamicCustomOp.builder(name).build();
    context = Nd4j.getExecutioner().buildContext();
    context.setInputArrays(inputs);
    context.setOutputArrays(output);
    context.setIArguments(ints);
    context.setTArguments(reals);
  }

  /** {@code c = op(a)·op(b)}, added to {@code c} if {@code accumulate}. */
  static NativeOp matmul(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      boolean accumulate) {
    long[] ints = {transposeA ? 1 : 0, transposeB ? 1 : 0, 0};
    double[] alphaBeta = {1, accumulate ? 1 : 0};
    return new NativeOp("matmul", new INDArray[] {a, b}, c, ints, alphaBeta);
  }

  /** Convolution of NHWC maps with a kernel [kH, kW, in, out]. */
  static NativeOp convolution(INDArray x, INDArray kernel, INDArray y, int stride, int padding) {
    return convolution(x, kernel, y, kernel.size(0), stride, padding, 0);
  }

  /** Convolution of NHWC maps, stride 1, with a kernel [out, kH, kW, in]. */
  static NativeOp convolutionOutFirst(INDArray x, INDArray kernel, INDArray y, int padding) {
    return convolution(x, kernel, y, kernel.size(1), 1, padding, 2);
  }

  private static NativeOp convolution(
      INDArray x, INDArray kernel, INDArray y, long side, int stride, int padding, int order) {
    int nhwc = 1;
    long[] ints = {side, side, stride, stride, padding, padding, 1, 1, 0, nhwc, order};
    return new NativeOp("conv2d", new INDArray[] {x, kernel}, y, ints, new double[0]);
  }

  /** Whether the op may use oneDNN; it may unless told otherwise. */
  void allowHelpers(boolean allow) {
    context.allowHelpers(allow);
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
