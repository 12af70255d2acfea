package simsiam.model.engine.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/** The forward pass of a convolution with a window larger than a pixel. */
final class SpatialForward {
  /**
   * Floats of a kernel above which a product with windows is faster than {@code conv2d}, which
   * rearranges the kernel in every call and reads it once for every few rows: measured 1.5 to 2
   * times faster for 512 channels, and slower for 256.
   */
  private static final int LARGE_KERNEL = 1 << 20;

  private SpatialForward() {}

  static boolean isProduct(ConvSpec conv) {
    return (long) conv.kernel() * conv.kernel() * conv.in() * conv.out() > LARGE_KERNEL;
  }

  static Kernel of(ConvSpec conv, Parameter weight, Convolution.Binding to) {
    int k = conv.kernel();
    if (isProduct(conv)) {
      INDArray matrix = weight.weight((long) k * k * conv.in(), conv.out());
      return new WindowProduct(conv, to.x(), matrix, false, to.y(), to.arena());
    }
    INDArray w = weight.weight(k, k, conv.in(), conv.out());
    return NativeOp.convolution(to.x().nhwc(), w, to.y().nhwc(), conv.stride(), conv.padding());
  }
}
