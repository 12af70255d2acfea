package simsiam.model.data.prepared;

import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageExample;

/**
 * A preprocessed image, before sharding: the example and what sharding needs to know of its pixels.
 *
 * @param digest SHA-256 of height, width and RGB pixels, 32 bytes: equal where two images are
 * @param sums over the RGB pixels
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are carried, not compared
public record PreparedExample(ImageExample example, byte[] digest, ChannelSums sums) {
  /** What sharding decides by, without the image. */
  public PreparedKey key() {
    return new PreparedKey(example.id(), example.label(), example.image().length, digest, sums);
  }
}
