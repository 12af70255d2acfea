package simsiam.model.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Exact sums over 8-bit RGB pixels: adding is associative and commutative, so the result does not
 * depend on the order of the images. Room for 10^14 pixels.
 */
@SuppressWarnings("ArrayRecordComponent") // three longs each, copied on the way in and out
public record ChannelSums(long pixels, long[] sums, long[] squares) implements Serializable {
  public static final ChannelSums ZERO = new ChannelSums(0, new long[3], new long[3]);

  /** Where the square begins in a number that holds value and square, added up at once. */
  private static final int SQUARE = 24;

  /** As many values as fit below the squares. */
  private static final int PIXELS_AT_ONCE = 1 << 16;

  private static final long[] VALUE_AND_SQUARE = new long[256];

  static {
    for (int value = 0; value < 256; value++) {
      VALUE_AND_SQUARE[value] = (((long) value * value) << SQUARE) + value;
    }
  }

  public ChannelSums {
    sums = sums.clone();
    squares = squares.clone();
  }

  /** Sums of one image, RGB HWC. */
  public static ChannelSums of(byte[] rgb) {
    long[] sums = new long[3];
    long[] squares = new long[3];
    for (int from = 0; from < rgb.length; from += 3 * PIXELS_AT_ONCE) {
      int to = Math.min(rgb.length, from + 3 * PIXELS_AT_ONCE);
      long red = 0;
      long green = 0;
      long blue = 0;
      for (int i = from; i < to; i += 3) {
        red += VALUE_AND_SQUARE[rgb[i] & 0xFF];
        green += VALUE_AND_SQUARE[rgb[i + 1] & 0xFF];
        blue += VALUE_AND_SQUARE[rgb[i + 2] & 0xFF];
      }
      long[] both = {red, green, blue};
      for (int channel = 0; channel < 3; channel++) {
        sums[channel] += both[channel] & ((1L << SQUARE) - 1);
        squares[channel] += both[channel] >>> SQUARE;
      }
    }
    return new ChannelSums(rgb.length / 3, sums, squares);
  }

  public ChannelSums plus(ChannelSums other) {
    long[] newSums = new long[3];
    long[] newSquares = new long[3];
    Arrays.setAll(newSums, c -> Math.addExact(sums[c], other.sums[c]));
    Arrays.setAll(newSquares, c -> Math.addExact(squares[c], other.squares[c]));
    return new ChannelSums(Math.addExact(pixels, other.pixels), newSums, newSquares);
  }

  @Override
  public long[] sums() {
    return sums.clone();
  }

  @Override
  public long[] squares() {
    return squares.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelSums that
        && pixels == that.pixels
        && Arrays.equals(sums, that.sums)
        && Arrays.equals(squares, that.squares);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(pixels) + 31 * (Arrays.hashCode(sums) + 31 * Arrays.hashCode(squares));
  }
}
