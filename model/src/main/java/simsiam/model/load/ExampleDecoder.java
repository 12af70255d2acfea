package simsiam.model.load;

import java.io.UncheckedIOException;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.model.image.codec.ImageRejectedException;

/** From rows of a shard to images. Safe for use by several threads. */
record ExampleDecoder(ImageEncoding encoding) {
  private static final ImageDecoder DECODER = new ImageDecoder();

  /**
   * The image of a row; raw pixels are not copied.
   *
   * @throws UncheckedIOException if its bytes are no image
   * @throws IllegalStateException if the image has not the size that the row says
   */
  RgbImage decode(ImageExample example) {
    if (encoding == ImageEncoding.RAW) {
      return new RgbImage(example.height(), example.width(), example.image());
    }
    try {
      RgbImage image = DECODER.decode(example.image(), example.id());
      if (image.height() != example.height() || image.width() != example.width()) {
        throw new IllegalStateException(
            "Cannot load image: expected %sx%s pixels, got %sx%s (%s)"
                .formatted(
                    example.width(),
                    example.height(),
                    image.width(),
                    image.height(),
                    example.id()));
      }
      return image;
    } catch (ImageRejectedException e) {
      throw new UncheckedIOException(e);
    }
  }
}
