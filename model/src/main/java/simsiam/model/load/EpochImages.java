package simsiam.model.load;

import simsiam.model.image.RgbImage;

/**
 * The images of a set in the order of one epoch. Positions count from 0; each is taken at most
 * once, by any thread, and no position waits for one that is further on. Close it to end what it
 * does in the background; whoever waits in {@link #take} then gets an exception.
 */
public interface EpochImages extends AutoCloseable {
  /** Index in the set of the image at a position. */
  int index(int position);

  /** The image at a position by name, for messages; reads nothing. */
  String name(int position);

  /** The image at a position, decoded by the calling thread as soon as it has been read. */
  Taken take(int position);

  @Override
  void close();

  /**
   * An image.
   *
   * @param id the key of its randomness
   * @param label class index, or -1 where unknown
   */
  record Taken(String id, int label, RgbImage image) {}
}
