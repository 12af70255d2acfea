package simsiam.model.augment;

import java.util.Optional;
import simsiam.model.image.CropBox;

/**
 * What is drawn for one view, apart from how it is applied to the image, so that any renderer makes
 * the same view of it.
 *
 * @param box the part of the image that becomes the view
 * @param flipped left to right
 * @param jitter empty where the colours stay
 * @param grey whether all three channels become the luma
 * @param sigma of the Gaussian blur, in pixels of the view; 0: no blur
 */
public record ViewDraw(
    CropBox box, boolean flipped, Optional<Jitter> jitter, boolean grey, double sigma) {

  /** The operations of a jitter, in the order of {@link Jitter}'s factors. */
  public enum Operation {
    BRIGHTNESS,
    CONTRAST,
    SATURATION,
    HUE;

    private static final Operation[] ALL = values();
    static final int COUNT = ALL.length;
  }

  /**
   * What one jitter does.
   *
   * @param order the place k of the order holds the operation done k-th, 2 bits each from the
   *     lowest on
   * @param hue in turns
   */
  public record Jitter(
      int order, double brightness, double contrast, double saturation, double hue) {
    public Operation operation(int k) {
      return Operation.ALL[(order >> (2 * k)) & 3];
    }
  }
}
