package simsiam.model.augment;

import java.util.Objects;
import simsiam.model.image.RgbImage;

/**
 * The views of a batch before they are made: what was drawn for each view, and the images, whose
 * pixels come with them or are cached where the views will be made. A buffer: threads fill it place
 * by place, then one of them packs it. Letters: N images, V views an image.
 */
public final class DrawnViews {
  private final AugmentSpec spec;
  private final RgbImage[] images;
  private final int[] heights;
  private final int[] widths;
  private final long[] starts;
  private final ViewDraw[] draws;
  private final boolean cached;
  private final ViewNumbers numbers;
  private long end;

  private DrawnViews(AugmentSpec spec, int views, int batch, boolean cached) {
    this.spec = spec;
    this.cached = cached;
    images = new RgbImage[cached ? 0 : batch];
    heights = new int[batch];
    widths = new int[batch];
    starts = new long[batch];
    draws = new ViewDraw[Math.multiplyExact(views, batch)];
    numbers = new ViewNumbers(spec);
  }

  /** Room for a batch that brings its pixels. */
  public static DrawnViews room(AugmentSpec spec, int views, int batch) {
    return new DrawnViews(spec, views, batch, false);
  }

  /** Room for a batch of cached images. */
  public static DrawnViews cachedRoom(AugmentSpec spec, int views, int batch) {
    return new DrawnViews(spec, views, batch, true);
  }

  /** The image at a place of a batch that brings its pixels. */
  public void put(int place, RgbImage image) {
    images[place] = image;
    heights[place] = image.height();
    widths[place] = image.width();
  }

  /**
   * The image at a place of a batch of cached ones.
   *
   * @param start its first pixel among those that are cached
   */
  public void put(int place, int height, int width, long start) {
    heights[place] = height;
    widths[place] = width;
    starts[place] = start;
  }

  /** What was drawn for a view of the image at a place. */
  public void put(int view, int place, ViewDraw draw) {
    draws[view * batch() + place] = draw;
  }

  /** Once all is there: makes the numbers of all views. */
  public void pack() {
    end = 0;
    for (int place = 0; place < batch(); place++) {
      if (!cached) {
        starts[place] = end;
      }
      end = Math.max(end, starts[place] + (long) heights[place] * widths[place]);
    }
    numbers.fill(this);
  }

  public AugmentSpec spec() {
    return spec;
  }

  /** N. */
  public int batch() {
    return heights.length;
  }

  /** V. */
  public int views() {
    return draws.length / batch();
  }

  /** Whether the pixels are cached rather than here. */
  public boolean cached() {
    return cached;
  }

  /** Pixels of the images that are here; of cached ones, how many have to be. */
  public long pixels() {
    return end;
  }

  /** The image at a place, whose pixels are here. */
  public RgbImage image(int place) {
    return images[place];
  }

  public int height(int place) {
    return heights[place];
  }

  public int width(int place) {
    return widths[place];
  }

  /** The first pixel of an image among those cached, or among those here, one after the other. */
  public long start(int place) {
    return starts[place];
  }

  /** What was drawn for a view of the image at a place of the batch. */
  public ViewDraw draw(int view, int place) {
    return Objects.requireNonNull(draws[view * batch() + place]);
  }

  /** The draws as numbers, as of the last packing. */
  public ViewNumbers numbers() {
    return numbers;
  }
}
