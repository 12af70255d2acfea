package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/**
 * Gradient of a convolution's input at any stride: the gradient of each window, a matrix product,
 * added up where windows overlap.
 */
final class ScatteredInputGradient implements Kernel {
  private final Patches patches;
  private final FeatureMap dx;
  private final NativeArray windows;
  private final List<NativeOp> products = new ArrayList<>();

  ScatteredInputGradient(ConvSpec conv, Parameter weight, Convolution.Binding to) {
    dx = to.dx();
    patches = new Patches(to.x().shape(), conv, to.arena().workers());
    windows = to.arena().windows(patches.chunkSize());
    INDArray w = weight.weight(patches.rowLength(), conv.out());
    for (int first = 0; first < dx.shape().batch(); first += patches.images()) {
      int rows = patches.images(first) * patches.rowsPerImage();
      INDArray matrix = windows.view(0, rows, patches.rowLength());
      INDArray dy = to.y().rows(first * patches.rowsPerImage(), rows);
      products.add(NativeOp.matmul(dy, false, w, true, matrix, false));
    }
  }

  @Override
  public void run() {
    int first = 0;
    for (NativeOp product : products) {
      product.run();
      patches.scatter(windows, first, patches.images(first), dx);
      first += patches.images();
    }
  }

  @Override
  public void close() {
    products.forEach(NativeOp::close);
  }
}
