package simsiam.model.engine.nd4j.host;

import java.util.List;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.TiledKernel;
import simsiam.model.engine.nd4j.plan.Layer.Mask;

/**
 * {@code scale·y + shift} for each channel, with its own coefficients in each view, on the output y
 * of a convolution or linear layer: a batch norm or a bias. Bound to one map.
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

  /** Finds the coefficients of a batch. */
  abstract Kernel preparation();

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
  TiledKernel apply(FeatureMap out, boolean relu) {
    return new PartLoop(
        tiling,
        workers,
        List.of(y, out),
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

  /**
   * {@code out = scale·y + shift + added}, then ReLU if asked; {@code out} may be y.
   *
   * @param scaling of what is added; null if it is added as it is
   */
  TiledKernel applyAdd(FeatureMap added, ChannelScaling scaling, FeatureMap out, boolean relu) {
    return new PartLoop(
        tiling,
        workers,
        List.of(y, added, out),
        (part, scratch) -> {
          float[] tile = scratch.floats(0, tiling.tile());
          float[] other = scratch.floats(1, tiling.tile());
          int view = tiling.view(part);
          int end = tiling.to(part);
          for (int at = tiling.from(part); at < end; at += tiling.tile()) {
            int n = Math.min(tiling.tile(), end - at);
            y.values().get(at, tile, 0, n);
            added.values().get(at, other, 0, n);
            if (scaling != null) {
              Loops.affine(other, scaling.scale[view], scaling.shift[view], n);
            }
            if (relu) {
              Loops.affineAddRelu(tile, scale[view], shift[view], other, n);
            } else {
              Loops.affineAdd(tile, scale[view], shift[view], other, n);
            }
            out.values().put(at, tile, 0, n);
          }
        });
  }

  /**
   * From the gradient of the output, of the ReLU if there is one, to that of y and of the
   * parameters. Where two maps are summed or the mask is by output, the summed and masked gradient
   * is left in {@code first}.
   *
   * @param second a summand of the gradient; null if there is none
   * @param output what the ReLU made, for a mask by output
   * @param dy receives the gradient of y, maybe over y; null if it is not wanted
   */
  List<TiledKernel> backward(
      FeatureMap first, FeatureMap second, Mask mask, FeatureMap output, FeatureMap dy) {
    return backward.kernels(new ScalingBackward.Maps(first, second, output, dy), mask);
  }
}
