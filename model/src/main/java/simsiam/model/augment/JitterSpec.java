package simsiam.model.augment;

import simsiam.model.config.Checks;

/**
 * Colour jitter, as torchvision's: factors uniform in {@code [max(0, 1-s), 1+s]}, hue shift in ±hue
 * turns, the four in random order.
 *
 * @param p probability that an image is jittered at all
 */
public record JitterSpec(
    double p, double brightness, double contrast, double saturation, double hue) {
  public JitterSpec {
    new Checks()
        .between("p", p, 0, 1)
        .notNegative("brightness", brightness)
        .notNegative("contrast", contrast)
        .notNegative("saturation", saturation)
        .between("hue", hue, 0, 0.5)
        .done();
  }
}
