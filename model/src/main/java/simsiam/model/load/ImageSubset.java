package simsiam.model.load;

import java.util.Arrays;
import java.util.BitSet;
import simsiam.model.image.RgbImage;

/**
 * Some images of a set as a set of their own, in the same order: those that have a label, or a part
 * of them. An epoch is that of the whole set without the others, of which nothing is read but what
 * shares a row group with an image that is wanted.
 */
public final class ImageSubset implements ImageSet {
  private final ImageSet all;
  private final int[] indices;
  private final BitSet wanted = new BitSet();

  /**
   * A part.
   *
   * @param indices of its images in the whole set, rising
   */
  public ImageSubset(ImageSet all, int[] indices) {
    this.all = all;
    this.indices = indices.clone();
    int before = -1;
    for (int index : indices) {
      if (index <= before || index >= all.size()) {
        throw new IllegalArgumentException(
            "Cannot take some images: expected rising indices below %s, got %s after %s"
                .formatted(all.size(), index, before));
      }
      before = index;
      wanted.set(index);
    }
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public String id(int index) {
    return all.id(indices[index]);
  }

  @Override
  public int label(int index) {
    return all.label(indices[index]);
  }

  @Override
  public RgbImage image(int index) {
    return all.image(indices[index]);
  }

  @Override
  public EpochImages epoch(long seed, int epoch, int first) {
    return new Part(all.open(all.plan(seed, epoch).only(wanted), first));
  }

  @Override
  public int[] order(long seed, int epoch) {
    return Arrays.stream(all.plan(seed, epoch).only(wanted).rows()).map(this::place).toArray();
  }

  @Override
  public int[] areas() {
    int[] areas = all.areas();
    return Arrays.stream(indices).map(index -> areas[index]).toArray();
  }

  /** The index in this part of an image of the whole set. */
  private int place(int index) {
    return Arrays.binarySearch(indices, index);
  }

  @Override
  public EpochImages inOrder() {
    return new Part(all.open(all.planInOrder().only(wanted), 0));
  }

  /** Positions are those of the part already; indices are to be. */
  private final class Part implements EpochImages {
    private final EpochImages images;

    Part(EpochImages images) {
      this.images = images;
    }

    @Override
    public int index(int position) {
      return place(images.index(position));
    }

    @Override
    public String name(int position) {
      return images.name(position);
    }

    @Override
    public Taken take(int position) {
      return images.take(position);
    }

    @Override
    public void close() {
      images.close();
    }
  }
}
