package simsiam.model.load;

import java.util.List;
import java.util.stream.IntStream;
import simsiam.model.image.RgbImage;

/** The images of one split, in the order of its shards. Safe for use by several threads. */
public interface ImageSet {
  int size();

  /** Stable name of the image, the key of its randomness. */
  String id(int index);

  /** Class index, or -1 where unknown. */
  int label(int index);

  /** The decoded image; its pixels must not be changed. */
  RgbImage image(int index);

  /**
   * The images in the order of an epoch, a function of (set, seed, epoch) alone.
   *
   * @param first position of the first image that will be taken
   */
  default EpochImages epoch(long seed, int epoch, int first) {
    return open(plan(seed, epoch), first);
  }

  /** The images in their own order, read ahead where they are not in memory. */
  default EpochImages inOrder() {
    return open(planInOrder(), 0);
  }

  /** Indices of the images by their positions in an epoch; reads none of them. */
  default int[] order(long seed, int epoch) {
    return plan(seed, epoch).rows();
  }

  /** Pixels of each image, height times width; decodes none where they are encoded. */
  default int[] areas() {
    return IntStream.range(0, size())
        .mapToObj(this::image)
        .mapToInt(image -> image.height() * image.width())
        .toArray();
  }

  /** The order of an epoch. */
  default RowShuffle.Plan plan(long seed, int epoch) {
    return new RowShuffle.Plan(EpochOrder.permutation(seed, epoch, size()), List.of());
  }

  /** The order in which they are stored. */
  default RowShuffle.Plan planInOrder() {
    return new RowShuffle.Plan(IntStream.range(0, size()).toArray(), List.of());
  }

  /**
   * The images of a plan of this set, or of a part of one.
   *
   * @param first position of the first image that will be taken
   */
  default EpochImages open(RowShuffle.Plan plan, int first) {
    return new RandomAccessEpoch(this, plan);
  }
}
