package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/** A convolution as a matrix product: the windows of x times a kernel given as a matrix. */
final class WindowProduct implements Kernel {
  private final Patches patches;
  private final FeatureMap x;
  private final NativeArray windows;
  private final List<NativeOp> products = new ArrayList<>();

  /**
   * Binds the product.
   *
   * @param kernel [k·k·in, out], or its transpose if {@code transposed}
   */
  WindowProduct(
      ConvSpec conv, FeatureMap x, INDArray kernel, boolean transposed, FeatureMap y, Arena arena) {
    this.x = x;
    patches = new Patches(x.shape(), conv, arena.workers());
    windows = arena.windows(patches.chunkSize());
    for (int first = 0; first < x.shape().batch(); first += patches.images()) {
      int rows = patches.images(first) * patches.rowsPerImage();
      INDArray matrix = windows.view(0, rows, patches.rowLength());
      INDArray out = y.rows(first * patches.rowsPerImage(), rows);
      products.add(NativeOp.matmul(matrix, false, kernel, transposed, out, false));
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
