package simsiam.model.engine.torch;

import static simsiam.model.augment.ViewNumbers.BOX;

import java.util.function.IntToDoubleFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.GaussianBlur;
import simsiam.model.augment.ViewNumbers;
import simsiam.model.augment.ViewNumbers.Run;
import simsiam.model.augment.ViewNumbers.View;

/**
 * Makes the views of a batch where the network's tensors are: images are bytes that are cached
 * there or travel with some numbers for each view, and become views by operations on all of them at
 * once. Cropping with resizing, flipping and blurring are linear in the pixels, so each is a
 * product with one matrix for the rows and one for the columns of each image; colours change sample
 * by sample. Samples are rounded to whole numbers between the operations where {@link
 * simsiam.model.augment.ViewMaker} does it, so that the two differ by the rounding of sums alone.
 *
 * <p>Letters: N images, n of them at a time, V views an image, S pixels a side of a view, H×W those
 * of the n images, the smaller of which lie in the corner.
 */
final class TorchViews implements AutoCloseable {
  private static final int CHANNELS = 3;

  private final TorchRuntime runtime;
  private final AugmentSpec spec;
  private final TorchTones tones;
  private final Tensor factor;
  private final Tensor shift;

  /** [K, S·S]: the matrix of a blur is the sum of these, weighted by the K taps of its kernel. */
  private final Tensor taps;

  private final HostBytes host;

  /** 0, 1, 2 and so on, in float32 and int64. */
  private Tensor counted;

  private Tensor numbered;

  TorchViews(TorchRuntime runtime, AugmentSpec spec) {
    this.runtime = runtime;
    this.spec = spec;
    tones = new TorchTones(runtime);
    factor = channels(c -> 1 / (255 * spec.std().get(c)));
    shift = channels(c -> -spec.mean().get(c) / spec.std().get(c));
    taps = taps();
    host = new HostBytes(runtime);
    counted = upTo(spec.cropSize(), torch.ScalarType.Float);
    numbered = upTo(spec.cropSize(), torch.ScalarType.Long);
  }

  private Tensor upTo(long n, torch.ScalarType type) {
    return NativeScope.freeing(
        () ->
            runtime
                .toDevice(torch.arange(new Scalar((double) n), new TensorOptions(type)))
                .retainReference());
  }

  private Tensor channels(IntToDoubleFunction value) {
    float[] values = new float[3];
    for (int c = 0; c < 3; c++) {
      values[c] = (float) value.applyAsDouble(c);
    }
    return NativeScope.freeing(() -> Transfer.of(values, runtime, 1, 3, 1, 1).retainReference());
  }

  private Tensor taps() {
    int side = spec.cropSize();
    int size = spec.blur().p() > 0 ? GaussianBlur.kernelSize(side) : 0;
    float[] values = new float[size * side * side];
    for (int tap = 0; tap < size; tap++) {
      for (int row = 0; row < side; row++) {
        int column = GaussianBlur.reflect(row + tap - size / 2, side);
        values[(tap * side + row) * side + column] = 1;
      }
    }
    return NativeScope.freeing(
        () -> Transfer.of(values, runtime, size, (long) side * side).retainReference());
  }

  AugmentSpec spec() {
    return spec;
  }

  /** Brings a packed batch to the device. Needs a pointer scope. */
  TorchBatch load(DrawnViews drawn) {
    return TorchBatch.load(drawn, host, runtime);
  }

  /**
   * The views, normalised, [V·N, 3, S, S] stored channels-last, view-major. Needs a pointer scope,
   * and recording off.
   *
   * @param pixels [P, 3] of the images: the batch's, or those that are cached
   */
  Tensor make(TorchBatch batch, Tensor pixels) {
    int side = spec.cropSize();
    DrawnViews drawn = batch.drawn();
    Tensor views =
        runtime
            .empty(torch.ScalarType.Float, (long) drawn.views() * drawn.batch(), side, side, 3)
            .permute(0, 3, 1, 2);
    for (Run run : drawn.numbers().runs()) {
      NativeScope.evaluating(() -> make(batch, run, pixels, views));
    }
    return views;
  }

  private void make(TorchBatch batch, Run run, Tensor pixels, Tensor views) {
    count(Math.max(run.height(), run.width()));
    Tensor images =
        images(batch, run, pixels).to(torch.ScalarType.Float).permute(0, 3, 1, 2).contiguous();
    for (int number = 0; number < run.views().size(); number++) {
      View view = run.views().get(number);
      Tensor to = views.narrow(0, (long) number * batch.drawn().batch() + run.first(), run.count());
      NativeScope.evaluating(
          () -> {
            Tensor resized = resized(images, batch.real(view.boxes(), run.count(), BOX, 1, 1, 1));
            Tensor samples = blurred(tones.apply(resized, batch, view), batch, view);
            to.copy_(samples.mul_(factor).add_(shift));
          });
    }
  }

  /** Sees to it that there are numbers up to that. */
  private void count(long most) {
    if (counted.numel() < most) {
      Tensor reals = upTo(most, torch.ScalarType.Float);
      Tensor wholes = upTo(most, torch.ScalarType.Long);
      counted.close();
      numbered.close();
      counted = reals;
      numbered = wholes;
    }
  }

  /** Images as bytes [n, H, W, 3]. What lies beside a smaller image has no meaning. */
  private Tensor images(TorchBatch batch, Run run, Tensor pixels) {
    long area = (long) run.height() * run.width();
    if (run.oneSize() && !batch.drawn().cached()) {
      long start = batch.drawn().start(run.first());
      return pixels
          .narrow(0, start, run.count() * area)
          .view(run.count(), run.height(), run.width(), CHANNELS);
    }
    Tensor chosen;
    if (run.rows().isEmpty()) {
      chosen = pixels.index_select(0, places(batch, run).view(-1));
    } else {
      long rows = pixels.size(0) / area;
      chosen =
          pixels
              .narrow(0, 0, rows * area)
              .view(rows, area * CHANNELS)
              .index_select(0, batch.whole(run.rows()));
    }
    return chosen.view(run.count(), run.height(), run.width(), CHANNELS);
  }

  /** [n, H, W], where the pixels lie; beside a smaller image those at its edge. */
  private Tensor places(TorchBatch batch, Run run) {
    Tensor images = batch.whole(run.images()).view(run.count(), ViewNumbers.IMAGE, 1, 1);
    Tensor width = images.select(1, 2);
    Tensor row = numbered.narrow(0, 0, run.height()).view(1, run.height(), 1);
    Tensor column = numbered.narrow(0, 0, run.width()).view(1, 1, run.width());
    return row.minimum(images.select(1, 1).sub(new Scalar(1)))
        .mul(width)
        .add(column.minimum(width.sub(new Scalar(1))))
        .add_(images.select(1, 0));
  }

  /**
   * The boxes, flipped where drawn so, at S×S: across, then down, as Pillow does.
   *
   * @param boxes [n, 5, 1, 1, 1], see {@link ViewNumbers#BOX}
   */
  private Tensor resized(Tensor images, Tensor boxes) {
    Tensor indices = counted.narrow(0, 0, spec.cropSize()).view(1, 1, spec.cropSize(), 1);
    Tensor mirrored = indices.neg().add(new Scalar((double) spec.cropSize() - 1));
    Tensor flipped = boxes.select(1, 2);
    Tensor columns = mirrored.sub(indices).mul(flipped).add(indices);
    Tensor across = weights(columns, boxes.select(1, 0), boxes.select(1, 1), images.size(3));
    Tensor down = weights(indices, boxes.select(1, 3), boxes.select(1, 4), images.size(2));
    Tensor narrow = rounded(images.matmul(across.transpose(2, 3)));
    return rounded(down.matmul(narrow));
  }

  /**
   * The weights [n, 1, S, L] of the antialiased filter from a run of L samples to S.
   *
   * @param outputs [n or 1, 1, S, 1] the number of each output sample
   * @param start [n, 1, 1, 1] of the run
   * @param length of the run
   */
  private Tensor weights(Tensor outputs, Tensor start, Tensor length, long samples) {
    Tensor scale = length.div(new Scalar((double) spec.cropSize()));
    Tensor stretch = scale.clamp(new ScalarOptional(new Scalar(1.0)));
    Tensor center = outputs.add(new Scalar(0.5)).mul(scale);
    Tensor sample = counted.narrow(0, 0, samples).view(1, 1, 1, samples).sub(start);
    Tensor distance = sample.add(new Scalar(0.5)).sub(center).abs_().div_(stretch);
    Tensor inside = sample.ge(new Scalar(0.0)).logical_and(sample.lt(length));
    Tensor weights =
        switch (spec.interpolation()) {
          case BILINEAR ->
              distance.neg_().add_(new Scalar(1.0)).clamp_(new ScalarOptional(new Scalar(0.0)));
          case BICUBIC -> cubic(distance);
        };
    weights.mul_(inside.to(torch.ScalarType.Float));
    return weights.div_(Transfer.sumAlong(weights, 3));
  }

  /** Keys' cubic with a = -0.5. */
  private static Tensor cubic(Tensor distance) {
    Tensor square = distance.mul(distance);
    Tensor near =
        distance.mul(new Scalar(1.5)).sub_(new Scalar(2.5)).mul_(square).add_(new Scalar(1.0));
    Tensor far =
        distance
            .sub(new Scalar(5.0))
            .mul_(distance)
            .add_(new Scalar(8.0))
            .mul_(distance)
            .sub_(new Scalar(4.0))
            .mul_(new Scalar(-0.5))
            .mul_(distance.lt(new Scalar(2.0)).to(torch.ScalarType.Float));
    return near.where(distance.lt(new Scalar(1.0)), far);
  }

  private static Tensor rounded(Tensor samples) {
    return samples
        .add_(new Scalar(0.5))
        .floor_()
        .clamp_(new ScalarOptional(new Scalar(0.0)), new ScalarOptional(new Scalar(255.0)));
  }

  private Tensor blurred(Tensor samples, TorchBatch batch, View view) {
    if (view.blurred().isEmpty()) {
      return samples;
    }
    int count = view.blurred().length();
    int size = GaussianBlur.kernelSize(spec.cropSize());
    long side = spec.cropSize();
    Tensor matrices =
        batch.real(view.kernels(), count, size).matmul(taps).view(count, 1, side, side);
    Tensor places = batch.whole(view.blurred());
    Tensor across = samples.index_select(0, places).matmul(matrices.transpose(2, 3));
    return samples.index_copy_(0, places, matrices.matmul(across).round_());
  }

  @Override
  public void close() {
    tones.close();
    factor.close();
    shift.close();
    taps.close();
    host.close();
    counted.close();
    numbered.close();
  }
}
