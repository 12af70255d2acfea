package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/**
 * Gradient of a convolution's kernel: the windows of x, transposed, times the gradient of y.
 *
 * <p>Where channels are few, neighbouring outputs share a row of windows. That writes less of x
 * again and again, and makes the product wide enough to be fast, at the price of taps that no
 * kernel has; those are left out when the outputs' gradients are added up.
 */
final class WeightGradient implements Kernel {
  /** Floats of a row of dy that a product wants at the least. */
  private static final int WIDE = 32;

  private final ConvSpec conv;
  private final Parameter weight;
  private final int group;
  private final Patches patches;
  private final FeatureMap x;
  private final NativeArray windows;
  private final NativeArray grouped; // [k·w·C, q·out]; null if every output has its own row
  private final List<NativeOp> products = new ArrayList<>();

  WeightGradient(ConvSpec conv, Parameter weight, Convolution.Binding to) {
    this.conv = conv;
    this.weight = weight;
    x = to.x();
    group = group(conv, to.y().shape().width());
    patches = new Patches(x.shape(), conv, group, to.arena().workers());
    windows = to.arena().windows(patches.chunkSize());
    long[] shape = {patches.rowLength(), (long) group * conv.out()};
    grouped = group == 1 ? null : to.arena().array(shape[0] * shape[1]);
    INDArray gradient = group == 1 ? weight.gradient(shape) : grouped.view(0, shape);
    for (int first = 0; first < x.shape().batch(); first += patches.images()) {
      int rows = patches.images(first) * patches.rowsPerImage();
      INDArray matrix = windows.view(0, rows, shape[0]);
      INDArray dy =
          to.y().storage().view((long) first * patches.rowsPerImage() * shape[1], rows, shape[1]);
      products.add(NativeOp.matmul(matrix, true, dy, false, gradient, first > 0));
    }
  }

  /** Outputs that share a row: enough for a wide product, while they fill a line exactly. */
  private static int group(ConvSpec conv, int width) {
    int group = 1;
    while (group * conv.in() < WIDE && group * conv.out() < 4 * WIDE && width % (2 * group) == 0) {
      group *= 2;
    }
    return group;
  }

  @Override
  public void run() {
    int first = 0;
    for (NativeOp product : products) {
      patches.gather(x, first, patches.images(first), windows);
      product.run();
      first += patches.images();
    }
    if (group > 1) {
      addUp();
    }
  }

  /** Adds the gradients that the outputs of a group found, tap by tap. */
  private void addUp() {
    int k = conv.kernel();
    int width = k + (group - 1) * conv.stride();
    float[] sum = new float[conv.out()];
    float[] part = new float[conv.out()];
    for (int tap = 0; tap < k * k; tap++) {
      for (int in = 0; in < conv.in(); in++) {
        Arrays.fill(sum, 0);
        for (int output = 0; output < group; output++) {
          int column = tap / k * width + tap % k + output * conv.stride();
          int row = column * conv.in() + in;
          grouped.values().get((row * group + output) * conv.out(), part);
          Loops.add(sum, part, sum.length);
        }
        weight.gradients().values().put(weight.offset() + (tap * conv.in() + in) * conv.out(), sum);
      }
    }
  }

  @Override
  public void close() {
    products.forEach(NativeOp::close);
  }
}
