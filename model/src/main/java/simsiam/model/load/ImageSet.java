package simsiam.model.load;

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
}
