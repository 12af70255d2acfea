package simsiam.model.data.prepared;

import simsiam.model.data.ChannelSums;

/**
 * A prepared example without its image.
 *
 * @param imageBytes length of the stored image
 * @param digest SHA-256 of height, width and RGB pixels, 32 bytes
 * @param sums over the RGB pixels
 */
@SuppressWarnings("ArrayRecordComponent") // a row of a file; compared by digest where needed
public record PreparedKey(String id, int label, int imageBytes, byte[] digest, ChannelSums sums) {}
