package simsiam.model.engine.torch;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.GaussianBlur;
import simsiam.model.augment.ViewDraw;
import simsiam.model.image.RgbImage;

/**
 * Makes the views of a batch where the network's tensors are: images travel as bytes, with some
 * numbers for each view, and become views by operations on all of them at once. Cropping with
 * resizing, flipping and blurring are linear in the pixels, so each is a product with one matrix
 * for the rows and one for the columns of each image; colours change sample by sample. Samples are
 * rounded to whole numbers between the operations where {@link simsiam.model.augment.ViewMaker}
 * does it, so that the two differ by the rounding of sums alone.
 *
 * <p>Letters: N images, n of them at a time, V views an image, S pixels a side of a view, H×W those
 * of the n images, the smaller of which lie in the corner.
 */
final class TorchViews implements AutoCloseable {
  /** Samples of the images of which views are made at once: 64 MiB as float32. */
  private static final long SAMPLES = 1 << 24;

  private final TorchRuntime runtime;
  private final AugmentSpec spec;
  private final TorchTones tones;
  private final Tensor factor;
  private final Tensor shift;

  /** [K, S·S]: the matrix of a blur is the sum of these, weighted by the K taps of its kernel. */
  private final Tensor taps;

  private Tensor bytes;

  TorchViews(TorchRuntime runtime, AugmentSpec spec) {
    this.runtime = runtime;
    this.spec = spec;
    tones = new TorchTones(runtime, spec.jitter());
    factor = channels(c -> 1 / (255 * spec.std().get(c)));
    shift = channels(c -> -spec.mean().get(c) / spec.std().get(c));
    taps = taps();
    bytes = runtime.hostBuffer(0, torch.ScalarType.Byte);
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

  /**
   * The views, normalised, [V·N, 3, S, S] stored channels-last, view-major. Needs a pointer scope,
   * and recording off.
   */
  Tensor make(DrawnViews drawn) {
    int side = spec.cropSize();
    int batch = drawn.batch();
    Tensor views = runtime.empty((long) drawn.views() * batch, side, side, 3).permute(0, 3, 1, 2);
    for (int first = 0; first < batch; ) {
      int last = end(drawn.images(), first);
      int begin = first;
      NativeScope.evaluating(() -> make(drawn, begin, last, views));
      first = last;
    }
    return views;
  }

  /** The end of a run of images whose samples, each as large as the largest, are few enough. */
  private static int end(RgbImage[] images, int first) {
    long height = 0;
    long width = 0;
    int end = first;
    for (; end < images.length; end++) {
      height = Math.max(height, images[end].height());
      width = Math.max(width, images[end].width());
      if (end > first && 3L * (end + 1 - first) * height * width > SAMPLES) {
        break;
      }
    }
    return end;
  }

  private void make(DrawnViews drawn, int first, int end, Tensor views) {
    Tensor images = load(drawn.images(), first, end);
    for (int view = 0; view < drawn.views(); view++) {
      int of = view;
      List<ViewDraw> draws =
          IntStream.range(first, end).mapToObj(place -> drawn.draw(of, place)).toList();
      Tensor to = views.narrow(0, (long) view * drawn.batch() + first, end - first);
      NativeScope.evaluating(
          () -> {
            Tensor samples = blurred(tones.apply(resized(images, draws), draws), draws);
            to.copy_(samples.mul_(factor).add_(shift));
          });
    }
  }

  /** Images as samples [n, 3, H, W]. What lies beside a smaller image has no meaning. */
  private Tensor load(RgbImage[] images, int first, int end) {
    int height = 1;
    int width = 1;
    for (int i = first; i < end; i++) {
      height = Math.max(height, images[i].height());
      width = Math.max(width, images[i].width());
    }
    long length = (long) (end - first) * height * width * 3;
    if (bytes.numel() < length) {
      bytes.close();
      bytes = runtime.hostBuffer(0, torch.ScalarType.Byte); // if there is no room for the new one
      Tensor larger = runtime.hostBuffer(length, torch.ScalarType.Byte);
      bytes.close();
      bytes = larger;
    }
    BytePointer data = new BytePointer(bytes.data_ptr());
    for (int i = first; i < end; i++) {
      RgbImage image = images[i];
      int stride = 3 * image.width();
      for (int y = 0; y < image.height(); y++) {
        data.position(((long) (i - first) * height + y) * 3 * width)
            .put(image.pixels(), y * stride, stride);
      }
    }
    Tensor host =
        torch.from_blob(
            data.position(0),
            new long[] {end - first, height, width, 3},
            new TensorOptions(torch.ScalarType.Byte));
    return runtime.toDevice(host).to(torch.ScalarType.Float).permute(0, 3, 1, 2).contiguous();
  }

  /** The boxes, flipped where drawn so, at S×S: across, then down, as Pillow does. */
  private Tensor resized(Tensor images, List<ViewDraw> draws) {
    float[] boxes = new float[5 * draws.size()];
    for (int i = 0; i < draws.size(); i++) {
      ViewDraw draw = draws.get(i);
      boxes[5 * i] = draw.box().left();
      boxes[5 * i + 1] = draw.box().width();
      boxes[5 * i + 2] = draw.flipped() ? 1 : 0;
      boxes[5 * i + 3] = draw.box().top();
      boxes[5 * i + 4] = draw.box().height();
    }
    Tensor numbers = Transfer.of(boxes, runtime, draws.size(), 5, 1, 1, 1);
    Tensor indices = Transfer.upTo(runtime, spec.cropSize()).view(1, 1, spec.cropSize(), 1);
    Tensor mirrored = indices.neg().add(new Scalar((double) spec.cropSize() - 1));
    Tensor flipped = numbers.select(1, 2);
    Tensor columns = mirrored.sub(indices).mul(flipped).add(indices);
    Tensor across = weights(columns, numbers.select(1, 0), numbers.select(1, 1), images.size(3));
    Tensor down = weights(indices, numbers.select(1, 3), numbers.select(1, 4), images.size(2));
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
    Tensor sample = Transfer.upTo(runtime, samples).view(1, 1, 1, samples).sub(start);
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

  private Tensor blurred(Tensor samples, List<ViewDraw> draws) {
    int[] which = IntStream.range(0, draws.size()).filter(i -> draws.get(i).sigma() > 0).toArray();
    if (which.length == 0) {
      return samples;
    }
    int size = GaussianBlur.kernelSize(spec.cropSize());
    float[] kernels = new float[which.length * size];
    float[] kernel = new float[size];
    for (int i = 0; i < which.length; i++) {
      GaussianBlur.kernel(draws.get(which[i]).sigma(), kernel);
      System.arraycopy(kernel, 0, kernels, i * size, size);
    }
    long side = spec.cropSize();
    Tensor matrices =
        Transfer.of(kernels, runtime, which.length, size)
            .matmul(taps)
            .view(which.length, 1, side, side);
    Tensor places = Transfer.of(which, runtime);
    Tensor across = samples.index_select(0, places).matmul(matrices.transpose(2, 3));
    return samples.index_copy_(0, places, matrices.matmul(across).round_());
  }

  @Override
  public void close() {
    factor.close();
    shift.close();
    taps.close();
    bytes.close();
  }
}
