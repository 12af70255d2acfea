package simsiam.model.engine.torch;

import static simsiam.model.augment.ViewNumbers.BLEND;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.ViewNumbers.Jitter;
import simsiam.model.augment.ViewNumbers.View;

/**
 * Colour jitter and greyscale of many images at once, on samples [n, 3, S, S] that are whole
 * numbers of 0 to 255, as Pillow does them: see {@link simsiam.model.augment.ViewMaker}.
 */
final class TorchTones implements AutoCloseable {
  /** Pillow's luma as 16-bit fractions. */
  private static final double[] LUMA = {19595, 38470, 7471};

  private static final double FULL = 255;

  /** By how many sixths of the circle each channel's own part is off the hue. */
  private final Tensor offsets;

  TorchTones(TorchRuntime runtime) {
    offsets =
        NativeScope.freeing(
            () -> Transfer.of(new float[] {5, 3, 1}, runtime, 1, 3, 1, 1).retainReference());
  }

  /** Changes the samples in place and returns them. Needs a pointer scope. */
  Tensor apply(Tensor samples, TorchBatch batch, View view) {
    for (Jitter jitter : view.jitter()) {
      NativeScope.evaluating(
          () -> {
            blend(samples, batch.real(jitter.blends(), samples.size(0), BLEND, 1, 1, 1));
            turn(samples, batch, jitter);
          });
    }
    return greyed(samples, batch, view);
  }

  /**
   * Brightness, contrast or saturation, whichever each image has at one place of its order: {@code
   * d + factor·(x - d)}, where d is black, the mean luma or the luma.
   *
   * @param numbers [n, 3, 1, 1, 1], see {@link simsiam.model.augment.ViewNumbers#BLEND}
   */
  private static void blend(Tensor samples, Tensor numbers) {
    Tensor luma = luma(samples);
    Tensor mean =
        luma.mean(new long[] {1, 2, 3}, true, new org.bytedeco.pytorch.ScalarTypeOptional())
            .add_(new Scalar(0.5))
            .floor_();
    Tensor degenerate = luma.mul_(numbers.select(1, 2)).add_(mean.mul_(numbers.select(1, 1)));
    samples
        .sub_(degenerate)
        .mul_(numbers.select(1, 0))
        .add_(degenerate)
        .trunc_()
        .clamp_(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(FULL)));
  }

  /** [n, 1, S, S]. All sums are whole numbers below 2^24, which float32 holds. */
  private static Tensor luma(Tensor samples) {
    Tensor sum = samples.narrow(1, 0, 1).mul(new Scalar(LUMA[0]));
    sum.add_(samples.narrow(1, 1, 1), new Scalar(LUMA[1]));
    sum.add_(samples.narrow(1, 2, 1), new Scalar(LUMA[2]));
    return sum.add_(new Scalar((double) (1 << 15))).mul_(new Scalar(1.0 / (1 << 16))).floor_();
  }

  private static Tensor greyed(Tensor samples, TorchBatch batch, View view) {
    if (!view.grey().isEmpty()) {
      Tensor places = batch.whole(view.grey());
      Tensor luma = luma(samples.index_select(0, places));
      samples.index_copy_(0, places, luma.expand(-1, 3, -1, -1));
    }
    return samples;
  }

  /** Turns the hue of the images that have it at one place of their order. */
  private void turn(Tensor samples, TorchBatch batch, Jitter jitter) {
    if (!jitter.turned().isEmpty()) {
      Tensor places = batch.whole(jitter.turned());
      Tensor shift = batch.real(jitter.shifts(), jitter.shifts().length(), 1, 1, 1);
      samples.index_copy_(0, places, turned(samples.index_select(0, places), shift));
    }
  }

  /** To Pillow's 8-bit hue and saturation, and back with the hue shifted. */
  private Tensor turned(Tensor samples, Tensor shift) {
    long[] channels = {1};
    Tensor value = samples.amax(channels, true);
    Tensor chroma = value.sub(samples.amin(channels, true));
    // How far each channel lies below the largest, by the chroma; 0 where all are equal.
    Tensor below = value.sub(samples).div_(chroma.clamp(new ScalarOptional(new Scalar(1.0))));
    Tensor hue = hue(below, samples.eq(value)).add_(shift);
    hue = hue.remainder(new Scalar(FULL + 1)).mul_(new Scalar(6 / FULL));
    Tensor saturation =
        chroma
            .div(value.clamp(new ScalarOptional(new Scalar(1.0))))
            .mul_(new Scalar(FULL))
            .floor_()
            .div_(new Scalar(FULL));
    // A channel is at the largest for two sixths of the circle, at the smallest for two, and on the
    // way between them for one each; where its own part begins is what tells the channels apart.
    Tensor sixths = hue.add(offsets).remainder(new Scalar(6.0));
    Tensor falling = sixths.neg().add_(new Scalar(4.0));
    Tensor share =
        torch
            .minimum(sixths, falling)
            .clamp_(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(1.0)));
    return share
        .mul_(saturation)
        .neg_()
        .add_(new Scalar(1.0))
        .mul_(value)
        .add_(new Scalar(0.5))
        .floor_();
  }

  /** [n, 1, S, S], 0 to 255, by the first of the largest channels in the order red, green, blue. */
  private static Tensor hue(Tensor below, Tensor largest) {
    Tensor red = below.narrow(1, 0, 1);
    Tensor green = below.narrow(1, 1, 1);
    Tensor blue = below.narrow(1, 2, 1);
    Tensor sixths = green.sub(red).add_(new Scalar(4.0));
    sixths = red.sub(blue).add_(new Scalar(2.0)).where(largest.narrow(1, 1, 1), sixths);
    sixths = blue.sub(green).where(largest.narrow(1, 0, 1), sixths);
    return sixths
        .div_(new Scalar(6.0))
        .add_(new Scalar(1.0))
        .remainder(new Scalar(1.0))
        .mul_(new Scalar(FULL))
        .floor_();
  }

  @Override
  public void close() {
    offsets.close();
  }
}
