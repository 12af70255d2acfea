package simsiam.model.engine.nd4j;

import java.nio.FloatBuffer;

/**
 * {@code scale·y + shift} for each channel, with its own coefficients in each view, on the output y
 * of a convolution or linear layer: a batch norm or a bias. Bound to one map; the backward pass
 * writes the gradient over y.
 */
abstract class ChannelScaling {
  protected final FeatureMap y;
  protected final Tiling tiling;
  protected final Workers workers;
  // Per view, repeated to a tile.
  protected final float[][] mean;
  protected final float[][] scale;
  protected final float[][] shift;
  private final ScalingBackward backward;

  protected ChannelScaling(FeatureMap y, int views, Workers workers) {
    this.y = y;
    this.workers = workers;
    tiling = Tiling.of(y.shape(), views);
    mean = new float[views][tiling.tile()];
    scale = new float[views][tiling.tile()];
    shift = new float[views][tiling.tile()];
    backward = new ScalingBackward(this);
  }

  /** Finds the coefficients of this batch. */
  abstract void prepare();

  /**
   * Takes the sums of one step over view {@code view}, {@code Σ g} and {@code Σ g·(y - mean)} for
   * each channel, and sets the coefficients of {@code dy = a·g + b·(y - mean) + c}.
   */
  abstract void gradient(int view, double[] sums, double[] products, Coefficients out);

  /** Called when all views have been through {@link #gradient}: writes parameter gradients. */
  abstract void storeGradients();

  /** Per-channel coefficients of the gradient with respect to y. */
  @SuppressWarnings("ArrayRecordComponent") // filled for each view
  record Coefficients(double[] a, double[] b, double[] c) {}

  /** {@code out = scale·y + shift}, then ReLU if asked; {@code out} may be y. */
  void apply(FeatureMap out, boolean relu) {
    workers.run(
        tiling.parts(),
        (part, scratch) -> {
          float[] tile = scratch.floats(0, tiling.tile());
          int view = tiling.view(part);
          int end = tiling.to(part);
          for (int at = tiling.from(part); at < end; at += tiling.tile()) {
            int n = Math.min(tiling.tile(), end - at);
            y.values().get(at, tile, 0, n);
            if (relu) {
              Loops.affineRelu(tile, scale[view], shift[view], n);
            } else {
              Loops.affine(tile, scale[view], shift[view], n);
            }
            out.values().put(at, tile, 0, n);
          }
        });
  }

  /** {@code out = relu(scale·y + shift + skip)}; {@code out} may be y. */
  void applyAdd(FeatureMap skip, FeatureMap out) {
    addShortcut(skip.values(), null, out);
  }

  /** {@code out = relu(scale·y + shift + shortcut)}, the shortcut being scaled likewise. */
  void applyAdd(ChannelScaling shortcut, FeatureMap out) {
    addShortcut(shortcut.y.values(), shortcut, out);
  }

  private void addShortcut(FloatBuffer skip, ChannelScaling scaling, FeatureMap out) {
    workers.run(
        tiling.parts(),
        (part, scratch) -> {
          float[] tile = scratch.floats(0, tiling.tile());
          float[] added = scratch.floats(1, tiling.tile());
          int view = tiling.view(part);
          int end = tiling.to(part);
          for (int at = tiling.from(part); at < end; at += tiling.tile()) {
            int n = Math.min(tiling.tile(), end - at);
            y.values().get(at, tile, 0, n);
            skip.get(at, added, 0, n);
            if (scaling != null) {
              Loops.affine(added, scaling.scale[view], scaling.shift[view], n);
            }
            Loops.affineAddRelu(tile, scale[view], shift[view], added, n);
            out.values().put(at, tile, 0, n);
          }
        });
  }

  /**
   * From the gradient of the output (of the ReLU, if {@code mask} says so) to that of y, written
   * over y, and of the parameters. Where {@code in} is a sum or the mask is by output, the summed
   * and masked gradient is left in {@code in.first()}.
   */
  void backward(Gradient in, Mask mask) {
    backward.run(in, mask);
  }
}
