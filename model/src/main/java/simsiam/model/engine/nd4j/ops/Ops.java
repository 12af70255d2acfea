package simsiam.model.engine.nd4j.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.BoundOp;
import simsiam.model.engine.nd4j.kernels.Kernel;

/** ND4J's operations bound to their arrays: each is made once and run many times. */
record Ops(Arena arena) {

  /** An operation by its name in ND4J. */
  Kernel op(String name, List<INDArray> inputs, List<INDArray> outputs, long... integers) {
    return arena.own(new BoundOp(name, inputs, outputs, integers, new double[0]));
  }

  /** {@code c = op(a)·op(b)}, added to {@code c} if {@code accumulate}; op transposes if asked. */
  Kernel product(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      boolean accumulate) {
    return arena.own(BoundOp.product(a, transposeA, b, transposeB, c, accumulate));
  }

  /** {@code to = a - b}, where b may have one row or one column for all of a's. */
  Kernel subtract(INDArray a, INDArray b, INDArray to) {
    return op("subtract", List.of(a, b), List.of(to));
  }

  /** {@code to = a + b} in the same way. */
  Kernel add(INDArray a, INDArray b, INDArray to) {
    return op("add", List.of(a, b), List.of(to));
  }

  /** {@code to = a · b}, value by value, in the same way. */
  Kernel multiply(INDArray a, INDArray b, INDArray to) {
    return op("multiply", List.of(a, b), List.of(to));
  }

  /** {@code to = a / b} in the same way. */
  Kernel divide(INDArray a, INDArray b, INDArray to) {
    return op("divide", List.of(a, b), List.of(to));
  }

  /** The sum of all rows [R, C], as [1, C]. */
  Kernel sumOfRows(INDArray rows, INDArray to) {
    INDArray ones = arena.shared("ones", rows.rows()).view(0, 1, rows.rows());
    ones.assign(1);
    return product(ones, false, rows, false, to, false);
  }

  /** {@code to += factor · added}. */
  static void addScaled(INDArray added, double factor, INDArray to) {
    Nd4j.getExecutioner().exec(new Axpy(added, to, to, factor));
  }

  /** A vector [1, C] of its own memory. */
  INDArray row(int channels) {
    return arena.array(channels).view(0, 1, channels);
  }
}
