package simsiam.model.engine.nd4j.host;

import java.util.Arrays;
import simsiam.model.engine.nd4j.plan.MapShape;

/**
 * How the rows of a map are cut for the loops: each view into parts (a task each), each part into
 * tiles of whole rows. A loop over a tile reads per-channel values from vectors repeated to the
 * tile's length, so that it is as long for 16 channels as for 2,048. Depends on the shape alone.
 *
 * @param channels C
 * @param views V, groups of rows with statistics of their own
 * @param perView floats of one view
 * @param perImage floats of one image
 * @param tile floats of a full tile, a multiple of C
 */
record Tiling(int channels, int views, int perView, int perImage, int tile) {
  private static final int TILE = 512;
  private static final int TILES_PER_PART = 64;

  static Tiling of(MapShape shape, int views) {
    int channels = shape.channels();
    int perView = Math.toIntExact(shape.size() / views);
    int perImage = Math.toIntExact(shape.size() / shape.batch());
    int tile = channels * Math.max(1, TILE / channels);
    return new Tiling(channels, views, perView, perImage, tile);
  }

  int rowsPerView() {
    return perView / channels;
  }

  int partsPerView() {
    return (perView + part() - 1) / part();
  }

  int parts() {
    return views * partsPerView();
  }

  int view(int part) {
    return part / partsPerView();
  }

  /** Index of the first float of a part. */
  int from(int part) {
    return view(part) * perView + part % partsPerView() * part();
  }

  /** Index after the last float of a part. */
  int to(int part) {
    return Math.min(from(part) + part(), (view(part) + 1) * perView);
  }

  private int part() {
    return tile * TILES_PER_PART;
  }

  /** The fewest images whose parts are whole, wherever in a view a multiple of them starts. */
  int imagesOfWholeParts() {
    return part() / greatestCommonDivisor(part(), perImage);
  }

  private static int greatestCommonDivisor(int a, int b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  /** The part that starts with an image, by its index among those of all views. */
  int partOf(int image) {
    int imagesPerView = perView / perImage;
    int view = image / imagesPerView;
    return view * partsPerView() + image % imagesPerView * perImage / part();
  }

  /** Parts that images take which start at one, to the end of the view at most. */
  int partsOf(int images) {
    return (images * perImage + part() - 1) / part();
  }

  /** Writes each channel's value to all its places of a tile. */
  void repeat(double[] values, float[] tiled) {
    for (int start = 0; start < tile; start += channels) {
      for (int i = 0; i < channels; i++) {
        tiled[start + i] = (float) values[i];
      }
    }
  }

  /** Sums a tile over the places of each channel into {@code sums[offset .. offset + C - 1]}. */
  void fold(float[] tiled, double[] sums, int offset) {
    for (int start = 0; start < tile; start += channels) {
      for (int i = 0; i < channels; i++) {
        sums[offset + i] += tiled[start + i];
      }
    }
  }

  /** Sums the parts of one view in order, C values a part, into {@code totals}. */
  void total(double[] parts, int view, double[] totals) {
    Arrays.fill(totals, 0);
    int first = view * partsPerView();
    for (int part = first; part < first + partsPerView(); part++) {
      for (int i = 0; i < channels; i++) {
        totals[i] += parts[part * channels + i];
      }
    }
  }
}
