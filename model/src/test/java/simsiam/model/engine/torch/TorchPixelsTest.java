package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import simsiam.model.image.RgbImage;

class TorchPixelsTest {
  private final TorchRuntime runtime = TorchRuntime.open(TorchSettings.cpu());

  private static RgbImage image(int height, int width) {
    byte[] pixels = new byte[3 * height * width];
    new Random(height).nextBytes(pixels);
    return new RgbImage(height, width, pixels);
  }

  /** In pieces of 16 MiB: some hold several images, one image is a piece of its own. */
  @Test
  void imagesLieOneAfterTheOther() {
    List<RgbImage> images = new ArrayList<>();
    for (int side : new int[] {700, 900, 1100, 1400, 2500, 3, 1000}) {
      images.add(image(side, side + 1));
    }
    long pixels = images.stream().mapToLong(one -> (long) one.height() * one.width()).sum();
    try (TorchPixels cached = TorchPixels.upload(runtime, pixels, images.iterator())) {
      assertThat(cached.count()).isEqualTo(pixels);
      BytePointer data = new BytePointer(cached.all().data_ptr());
      long at = 0;
      for (RgbImage one : images) {
        byte[] found = new byte[one.pixels().length];
        data.position(at).get(found);
        assertThat(found).isEqualTo(one.pixels());
        at += found.length;
      }
    }
  }

  @Test
  void moreOrFewerPixelsAreRefused() {
    List<RgbImage> images = List.of(image(4, 5), image(2, 3));
    for (long pixels : new long[] {25, 27}) {
      assertThatThrownBy(() -> TorchPixels.upload(runtime, pixels, images.iterator()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot cache images: expected %s bytes of pixels, got 78".formatted(3 * pixels));
    }
  }
}
