package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import simsiam.model.engine.nd4j.host.ChannelScaling.Coefficients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.TiledKernel;
import simsiam.model.engine.nd4j.plan.Layer.Mask;

/**
 * The backward pass of a {@link ChannelScaling} in two passes over memory: sums for each channel,
 * then the gradient of y.
 */
final class ScalingBackward {
  private static final int GRADIENT = 0;
  private static final int INPUT = 1;
  private static final int OTHER = 2;
  private static final int SUM = 3;
  private static final int PRODUCT = 4;

  private final ChannelScaling layer;
  private final Tiling tiling;
  private final double[] partSums;
  private final double[] partProducts;
  private final double[] sums;
  private final double[] products;
  private final Coefficients coefficients;
  private final float[][] a;
  private final float[][] b;
  private final float[][] c;

  ScalingBackward(ChannelScaling layer) {
    this.layer = layer;
    tiling = layer.tiling;
    int channels = tiling.channels();
    partSums = new double[tiling.parts() * channels];
    partProducts = new double[tiling.parts() * channels];
    sums = new double[channels];
    products = new double[channels];
    coefficients =
        new Coefficients(new double[channels], new double[channels], new double[channels]);
    a = new float[tiling.views()][tiling.tile()];
    b = new float[tiling.views()][tiling.tile()];
    c = new float[tiling.views()][tiling.tile()];
  }

  /** What the pass works on, as {@link ChannelScaling#backward} says. */
  record Maps(FeatureMap first, FeatureMap second, FeatureMap output, FeatureMap dy) {}

  /** The passes, one after the other. */
  List<TiledKernel> kernels(Maps in, Mask mask) {
    boolean store = in.second() != null || mask == Mask.BY_OUTPUT;
    Stream<FeatureMap> read = Stream.of(layer.y, in.first(), in.second(), in.output());
    List<FeatureMap> maps = read.filter(Objects::nonNull).toList();
    TiledKernel sum =
        new PartLoop(
            tiling,
            layer.workers,
            maps,
            (part, scratch) -> reduce(part, scratch, in, mask, store),
            PartLoop.NOTHING,
            Optional.of(this::total));
    if (in.dy() == null) {
      return List.of(sum);
    }
    boolean maskAgain = !store && mask == Mask.BY_INPUT;
    TiledKernel gradient =
        new PartLoop(
            tiling,
            layer.workers,
            List.of(layer.y, in.first(), in.dy()),
            (part, scratch) -> distribute(part, scratch, in, maskAgain));
    return List.of(sum, gradient);
  }

  private void total() {
    for (int view = 0; view < tiling.views(); view++) {
      tiling.total(partSums, view, sums);
      tiling.total(partProducts, view, products);
      layer.gradient(view, sums, products, coefficients);
      tiling.repeat(coefficients.a(), a[view]);
      tiling.repeat(coefficients.b(), b[view]);
      tiling.repeat(coefficients.c(), c[view]);
    }
    layer.storeGradients();
  }

  private void reduce(int part, Scratch scratch, Maps in, Mask mask, boolean store) {
    int tile = tiling.tile();
    int view = tiling.view(part);
    float[] g = scratch.floats(GRADIENT, tile);
    float[] y = scratch.floats(INPUT, tile);
    float[] other = scratch.floats(OTHER, tile);
    float[] sum = scratch.floats(SUM, tile);
    float[] product = scratch.floats(PRODUCT, tile);
    Arrays.fill(sum, 0, tile, 0f);
    Arrays.fill(product, 0, tile, 0f);
    int end = tiling.to(part);
    for (int at = tiling.from(part); at < end; at += tile) {
      int n = Math.min(tile, end - at);
      in.first().values().get(at, g, 0, n);
      layer.y.values().get(at, y, 0, n);
      if (in.second() != null) {
        in.second().values().get(at, other, 0, n);
        Loops.add(g, other, n);
      }
      if (mask == Mask.BY_INPUT) {
        Loops.maskByInput(g, y, layer.scale[view], layer.shift[view], n);
      } else if (mask == Mask.BY_OUTPUT) {
        in.output().values().get(at, other, 0, n);
        Loops.maskByOutput(g, other, n);
      }
      if (store) {
        in.first().values().put(at, g, 0, n);
      }
      Loops.sums(g, y, layer.mean[view], sum, product, n);
    }
    int channels = tiling.channels();
    Arrays.fill(partSums, part * channels, (part + 1) * channels, 0);
    Arrays.fill(partProducts, part * channels, (part + 1) * channels, 0);
    tiling.fold(sum, partSums, part * channels);
    tiling.fold(product, partProducts, part * channels);
  }

  private void distribute(int part, Scratch scratch, Maps in, boolean mask) {
    int tile = tiling.tile();
    int view = tiling.view(part);
    float[] g = scratch.floats(GRADIENT, tile);
    float[] y = scratch.floats(INPUT, tile);
    int end = tiling.to(part);
    for (int at = tiling.from(part); at < end; at += tile) {
      int n = Math.min(tile, end - at);
      in.first().values().get(at, g, 0, n);
      layer.y.values().get(at, y, 0, n);
      if (mask) {
        Loops.maskByInput(g, y, layer.scale[view], layer.shift[view], n);
      }
      Loops.combine(y, g, layer.mean[view], a[view], b[view], c[view], n);
      in.dy().values().put(at, y, 0, n);
    }
  }
}
