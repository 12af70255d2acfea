package simsiam.model.engine.torch;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.DrawnViews;
import simsiam.model.augment.ViewNumbers;
import simsiam.model.augment.ViewNumbers.Slice;
import simsiam.model.image.RgbImage;

/**
 * A batch of drawn views on the device, which reaches it in one copy: whole numbers, real numbers,
 * and the pixels [P, 3] of its images, none of cached ones.
 */
record TorchBatch(DrawnViews drawn, Tensor whole, Tensor real, Tensor pixels) {
  private static final int CHANNELS = 3;

  /** Valid until the host's memory is used again. Needs a pointer scope. */
  static TorchBatch load(DrawnViews drawn, HostBytes host, TorchRuntime runtime) {
    ViewNumbers numbers = drawn.numbers();
    long real = (long) Long.BYTES * numbers.wholeCount();
    long pixels = real + (long) Float.BYTES * numbers.realCount();
    long end = pixels + (drawn.cached() ? 0 : CHANNELS * drawn.pixels());
    Tensor bytes = host.room(end);
    typed(bytes, 0, real, torch.ScalarType.Long)
        .data_ptr_long()
        .put(numbers.whole(), 0, numbers.wholeCount());
    typed(bytes, real, pixels, torch.ScalarType.Float)
        .data_ptr_float()
        .put(numbers.real(), 0, numbers.realCount());
    if (!drawn.cached()) {
      BytePointer data = new BytePointer(bytes.data_ptr());
      for (int place = 0; place < drawn.batch(); place++) {
        RgbImage image = drawn.image(place);
        data.position(pixels + CHANNELS * drawn.start(place))
            .put(image.pixels(), 0, image.pixels().length);
      }
    }
    Tensor there = runtime.toDevice(bytes);
    return new TorchBatch(
        drawn,
        typed(there, 0, real, torch.ScalarType.Long),
        typed(there, real, pixels, torch.ScalarType.Float),
        typed(there, pixels, end, torch.ScalarType.Byte).view(-1, CHANNELS));
  }

  private static Tensor typed(Tensor bytes, long from, long to, torch.ScalarType type) {
    return bytes.narrow(0, from, to - from).view(type);
  }

  Tensor whole(Slice slice) {
    return whole.narrow(0, slice.start(), slice.length());
  }

  Tensor real(Slice slice, long... shape) {
    return real.narrow(0, slice.start(), slice.length()).view(shape);
  }
}
