package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.plan.MapShape;

/** Means over the cells of a grid, as PyTorch's {@code AdaptiveAvgPool2d} cuts them. */
final class GridPool {
  private final FeatureMap x;
  private final FeatureMap pooled;
  private final Workers workers;

  GridPool(FeatureMap x, FeatureMap pooled, Workers workers) {
    this.x = x;
    this.pooled = pooled;
    this.workers = workers;
  }

  void forward() {
    MapShape out = pooled.shape();
    workers.run(out.batch() * out.height() * out.width(), this::cell);
  }

  private void cell(int cell, Scratch scratch) {
    MapShape in = x.shape();
    MapShape out = pooled.shape();
    int channels = in.channels();
    int image = cell / (out.height() * out.width());
    int row = cell / out.width() % out.height();
    int column = cell % out.width();
    int top = row * in.height() / out.height();
    int bottom = end(row, in.height(), out.height());
    int left = column * in.width() / out.width();
    int right = end(column, in.width(), out.width());
    float[] pixel = scratch.floats(0, channels);
    float[] sum = scratch.floats(1, channels);
    Arrays.fill(sum, 0, channels, 0f);
    for (int line = top; line < bottom; line++) {
      for (int at = left; at < right; at++) {
        x.read(((image * in.height() + line) * in.width() + at) * channels, pixel, 0, channels);
        Loops.add(sum, pixel, channels);
      }
    }
    Loops.multiply(sum, 1f / ((bottom - top) * (right - left)), channels);
    pooled.write(cell * channels, sum, 0, channels);
  }

  /** One past the last line of a cell. */
  private static int end(int cell, int lines, int cells) {
    return ((cell + 1) * lines + cells - 1) / cells;
  }
}
