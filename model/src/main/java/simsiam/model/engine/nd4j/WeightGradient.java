package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/** Gradient of a convolution's kernel: the windows of x, transposed, times the gradient of y. */
final class WeightGradient implements Kernel {
  private final Patches patches;
  private final FeatureMap x;
  private final NativeArray windows;
  private final List<NativeOp> products = new ArrayList<>();

  WeightGradient(ConvSpec conv, Parameter weight, Convolution.Binding to) {
    x = to.x();
    patches = new Patches(x.shape(), conv, to.arena().workers());
    windows = to.arena().windows(patches.chunkSize());
    INDArray gradient = weight.gradient(patches.rowLength(), conv.out());
    for (int first = 0; first < x.shape().batch(); first += patches.images()) {
      int rows = patches.images(first) * patches.rowsPerImage();
      INDArray matrix = windows.view(0, rows, patches.rowLength());
      INDArray dy = to.y().rows(first * patches.rowsPerImage(), rows);
      products.add(NativeOp.matmul(matrix, true, dy, false, gradient, first > 0));
    }
  }

  @Override
  public void run() {
    int first = 0;
    for (NativeOp product : products) {
      patches.gather(x, first, patches.images(first), windows);
      product.run();
      first += patches.images();
    }
  }

  @Override
  public void close() {
    products.forEach(NativeOp::close);
  }
}
