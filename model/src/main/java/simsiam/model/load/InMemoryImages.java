package simsiam.model.load;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.image.ImageDecoder;
import simsiam.model.image.ImageRejectedException;
import simsiam.model.image.RgbImage;

/**
 * Images held in memory as their shards store them. Raw ones are used as they are; encoded ones are
 * decoded by the thread that asks: once, where all of them decoded fit a budget, else each time.
 */
public final class InMemoryImages implements ImageSet {
  private final List<ImageExample> examples;
  private final ImageEncoding encoding;
  private final ImageDecoder decoder = new ImageDecoder();
  private final AtomicReferenceArray<RgbImage> decoded;

  /**
   * Takes the examples as they are.
   *
   * @param decodedBudget bytes that decoded images may take beside the encoded ones
   */
  public InMemoryImages(List<ImageExample> examples, ImageEncoding encoding, long decodedBudget) {
    this.examples = List.copyOf(examples);
    this.encoding = encoding;
    long bytes = 0;
    for (ImageExample example : examples) {
      bytes += 3L * example.height() * example.width();
    }
    boolean keep = encoding != ImageEncoding.RAW && bytes <= decodedBudget;
    this.decoded = new AtomicReferenceArray<>(keep ? examples.size() : 0);
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public String id(int index) {
    return examples.get(index).id();
  }

  @Override
  public int label(int index) {
    return examples.get(index).label();
  }

  @Override
  public RgbImage image(int index) {
    ImageExample example = examples.get(index);
    if (encoding == ImageEncoding.RAW) {
      return new RgbImage(example.height(), example.width(), example.image());
    }
    if (decoded.length() == 0) {
      return decode(example);
    }
    RgbImage image = decoded.get(index);
    if (image == null) {
      // Two threads may both decode it; the result is the same.
      image = decode(example);
      decoded.set(index, image);
    }
    return image;
  }

  private RgbImage decode(ImageExample example) {
    try {
      RgbImage image = decoder.decode(example.image(), example.id());
      if (image.height() != example.height() || image.width() != example.width()) {
        throw new IllegalStateException(
            "Cannot load image: expected %dx%d pixels, got %dx%d (%s)"
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
