package simsiam.model.load;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.image.RgbImage;

/**
 * Images held in memory as their shards store them. Raw ones are used as they are; encoded ones are
 * decoded by the thread that asks: once, where all of them decoded fit a budget, else each time.
 */
public final class InMemoryImages implements ImageSet {
  private final List<ImageExample> examples;
  private final ImageEncoding encoding;
  private final ExampleDecoder decoder;
  private final Optional<RowShuffle> shuffle;
  private final AtomicReferenceArray<RgbImage> decoded;

  /**
   * Takes the examples as they are.
   *
   * @param decodedBudget bytes that decoded images may take beside the encoded ones
   */
  public InMemoryImages(List<ImageExample> examples, ImageEncoding encoding, long decodedBudget) {
    this(examples, encoding, decodedBudget, Optional.empty());
  }

  /** The rows of a split, shuffled as they would be if they were read from its shards. */
  InMemoryImages(
      List<ImageExample> examples, ImageEncoding encoding, long decodedBudget, RowShuffle shuffle) {
    this(examples, encoding, decodedBudget, Optional.of(shuffle));
  }

  private InMemoryImages(
      List<ImageExample> examples,
      ImageEncoding encoding,
      long decodedBudget,
      Optional<RowShuffle> shuffle) {
    this.examples = List.copyOf(examples);
    this.encoding = encoding;
    this.decoder = new ExampleDecoder(encoding);
    this.shuffle = shuffle;
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
  public int[] areas() {
    return examples.stream().mapToInt(row -> row.height() * row.width()).toArray();
  }

  /** Whether images are decoded once; raw pixels need no decoding. */
  boolean keepsDecoded() {
    return decoded.length() > 0;
  }

  @Override
  public RowShuffle.Plan plan(long seed, int epoch) {
    return shuffle.isPresent() ? shuffle.get().plan(seed, epoch) : ImageSet.super.plan(seed, epoch);
  }

  @Override
  public RgbImage image(int index) {
    ImageExample example = examples.get(index);
    if (encoding == ImageEncoding.RAW || decoded.length() == 0) {
      return decoder.decode(example);
    }
    RgbImage image = decoded.get(index);
    if (image == null) {
      // Two threads may both decode it; the result is the same.
      image = decoder.decode(example);
      decoded.set(index, image);
    }
    return image;
  }
}
