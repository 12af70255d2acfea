package simsiam.model.engine.torch;

import java.util.Iterator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.image.RgbImage;

/**
 * The pixels of many images on the device, one after the other as bytes, of which views are made
 * without their travelling again.
 */
final class TorchPixels implements AutoCloseable {
  private static final int CHANNELS = 3;

  /** Of host memory, through which they reach the device piece by piece. */
  private static final long PIECE_BYTES = 16L << 20;

  private final Tensor pixels;

  private TorchPixels(Tensor pixels) {
    this.pixels = pixels;
  }

  /**
   * Takes all images.
   *
   * @param pixels that they have together
   * @throws IllegalStateException if they have not
   */
  static TorchPixels upload(TorchRuntime runtime, long pixels, Iterator<RgbImage> images) {
    Tensor all =
        NativeScope.freeing(
            () -> runtime.empty(torch.ScalarType.Byte, pixels, CHANNELS).retainReference());
    TorchPixels uploaded = new TorchPixels(all);
    try (HostBytes host = new HostBytes(runtime)) {
      uploaded.fill(host, images);
      return uploaded;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private void fill(HostBytes host, Iterator<RgbImage> images) {
    long sent = 0;
    long held = 0;
    while (images.hasNext()) {
      byte[] next = images.next().pixels();
      if (held > 0 && held + next.length > PIECE_BYTES) {
        send(host, sent, held);
        sent += held;
        held = 0;
      }
      long at = held;
      NativeScope.evaluating(
          () ->
              new BytePointer(host.room(Math.max(PIECE_BYTES, next.length)).data_ptr())
                  .position(at)
                  .put(next, 0, next.length));
      held += next.length;
    }
    send(host, sent, held);
    if (sent + held != CHANNELS * count()) {
      throw unexpected(sent + held);
    }
  }

  private void send(HostBytes host, long sent, long held) {
    if (sent + held > CHANNELS * count()) {
      throw unexpected(sent + held);
    }
    NativeScope.evaluating(() -> pixels.view(-1).narrow(0, sent, held).copy_(host.room(held)));
  }

  private IllegalStateException unexpected(long bytes) {
    return new IllegalStateException(
        "Cannot cache images: expected %s bytes of pixels, got %s"
            .formatted(CHANNELS * count(), bytes));
  }

  /** [P, 3] bytes. */
  Tensor all() {
    return pixels;
  }

  /** P. */
  long count() {
    return pixels.size(0);
  }

  @Override
  public void close() {
    pixels.close();
  }
}
