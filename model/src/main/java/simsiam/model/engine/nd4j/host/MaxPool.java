package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.Node;

/** Max-pooling by a square window of at most 11×11 pixels. */
final class MaxPool {
  private final Node.MaxPool node;
  private final FeatureMap x;
  private final FeatureMap pooled;
  private final Workers workers;
  private final byte[] taken;

  MaxPool(Node.MaxPool node, FeatureMap x, FeatureMap pooled, Workers workers) {
    this.node = node;
    this.x = x;
    this.pooled = pooled;
    this.workers = workers;
    taken = new byte[Math.toIntExact(pooled.shape().size())];
  }

  void forward() {
    MapShape out = pooled.shape();
    workers.run(out.batch() * out.height(), this::forwardLine);
  }

  private void forwardLine(int line, Scratch scratch) {
    MapShape out = pooled.shape();
    int channels = out.channels();
    float[] pixel = scratch.floats(0, channels);
    float[] best = scratch.floats(1, out.width() * channels);
    Arrays.fill(best, 0, out.width() * channels, Float.NEGATIVE_INFINITY);
    int first = line * out.width() * channels;
    int image = line / out.height() * perImage();
    int top = line % out.height() * node.stride() - node.padding();
    for (int ox = 0; ox < out.width(); ox++) {
      int left = ox * node.stride() - node.padding();
      for (int tap = 0; tap < node.kernel() * node.kernel(); tap++) {
        if (inside(top + tap / node.kernel(), left + tap % node.kernel())) {
          int from = image + index(top + tap / node.kernel(), left + tap % node.kernel());
          x.values().get(from, pixel, 0, channels);
          takeLarger(pixel, best, ox * channels, first, (byte) tap, channels);
        }
      }
    }
    pooled.values().put(first, best, 0, out.width() * channels);
  }

  private void takeLarger(float[] pixel, float[] best, int at, int first, byte tap, int channels) {
    for (int i = 0; i < channels; i++) {
      if (pixel[i] > best[at + i]) {
        best[at + i] = pixel[i];
        taken[first + at + i] = tap;
      }
    }
  }

  private boolean inside(int y, int x0) {
    return y >= 0 && y < x.shape().height() && x0 >= 0 && x0 < x.shape().width();
  }

  private int index(int y, int x0) {
    return (y * x.shape().width() + x0) * x.shape().channels();
  }

  private int perImage() {
    return index(x.shape().height(), 0);
  }

  /** From the gradient of the pooled maps to that of x, which may lie over x. */
  void backward(Gradients gradient, FeatureMap dx) {
    workers.run(pooled.shape().batch(), (image, s) -> backwardImage(image, s, gradient, dx));
  }

  private void backwardImage(int image, Scratch scratch, Gradients gradient, FeatureMap dx) {
    MapShape out = pooled.shape();
    int length = out.width() * out.channels();
    float[] sums = scratch.floats(0, perImage());
    float[] line = scratch.floats(1, length);
    float[] other = scratch.floats(2, length);
    Arrays.fill(sums, 0, perImage(), 0f);
    for (int oy = 0; oy < out.height(); oy++) {
      int row = image * out.height() + oy;
      gradient.first().values().get(row * length, line, 0, length);
      if (gradient.second().isPresent()) {
        gradient.second().get().values().get(row * length, other, 0, length);
        Loops.add(line, other, length);
      }
      addLine(line, row, oy * node.stride() - node.padding(), sums);
    }
    dx.values().put(image * perImage(), sums, 0, perImage());
  }

  private void addLine(float[] line, int row, int top, float[] sums) {
    MapShape out = pooled.shape();
    int channels = out.channels();
    int[] offsets = new int[node.kernel() * node.kernel()];
    for (int tap = 0; tap < offsets.length; tap++) {
      offsets[tap] = index(tap / node.kernel(), tap % node.kernel());
    }
    for (int ox = 0; ox < out.width(); ox++) {
      int corner = index(top, ox * node.stride() - node.padding());
      int from = ox * channels;
      for (int i = 0; i < channels; i++) {
        int tap = taken[row * out.width() * channels + from + i];
        sums[corner + offsets[tap] + i] += line[from + i];
      }
    }
  }
}
