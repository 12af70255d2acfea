package simsiam.pipelines.config;

import simsiam.model.config.Checks;
import simsiam.model.data.ImageEncoding;

/**
 * Decoding and normalising raw images to RGB.
 *
 * @param resizeShorterSide pixels to which the shorter side of a larger image is brought; 0: as it
 *     is
 * @param padTo pixels a side to which a smaller image is centred on black; 0: as it is
 * @param maxRejectFraction share of the images that may be rejected before the stage fails
 */
public record PreprocessSpec(
    int resizeShorterSide, int padTo, ImageEncoding encoding, double maxRejectFraction) {
  /** Of a square with the 100 million pixels that an image may have. */
  private static final int MAX_SIDE = 10_000;

  public PreprocessSpec {
    new Checks()
        .atLeast("resize_shorter_side", resizeShorterSide, 0)
        .atLeast("pad_to", padTo, 0)
        .atMost("pad_to", padTo, MAX_SIDE)
        .between("max_reject_fraction", maxRejectFraction, 0, 1)
        .require(
            "encoding",
            "original",
            encoding != ImageEncoding.ORIGINAL || (resizeShorterSide == 0 && padTo == 0),
            "raw, jpeg or png, as original bytes can be neither resized nor padded")
        .done();
  }
}
