package simsiam.model.augment;

import java.util.Objects;
import simsiam.model.image.RgbImage;

/**
 * The views of a batch before they are made: its images as they were decoded, and what was drawn
 * for each view. Letters: N images, V views an image.
 */
@SuppressWarnings("ArrayRecordComponent") // filled by a loader's threads, place by place
public record DrawnViews(AugmentSpec spec, RgbImage[] images, ViewDraw[] draws) {
  /** Room for a batch. */
  public static DrawnViews room(AugmentSpec spec, int views, int batch) {
    return new DrawnViews(
        spec, new RgbImage[batch], new ViewDraw[Math.multiplyExact(views, batch)]);
  }

  /** N. */
  public int batch() {
    return images.length;
  }

  /** V. */
  public int views() {
    return draws.length / images.length;
  }

  /** What was drawn for a view of the image at a place of the batch. */
  public ViewDraw draw(int view, int place) {
    return Objects.requireNonNull(draws[view * images.length + place]);
  }
}
