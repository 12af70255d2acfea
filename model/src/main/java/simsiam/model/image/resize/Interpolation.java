package simsiam.model.image.resize;

/** Pillow's filters, antialiased: widened where an image becomes smaller. */
public enum Interpolation {
  /** A triangle. */
  BILINEAR(1),
  /** Keys' cubic with a = -0.5, whose weights are in part negative. */
  BICUBIC(2);

  private static final double A = -0.5;

  /** Farthest distance with a weight, in samples of the smaller of the two images. */
  final double support;

  Interpolation(double support) {
    this.support = support;
  }

  /**
   * Weight of a sample before all are divided by their sum.
   *
   * @param distance from the centre, not negative
   */
  double weight(double distance) {
    return switch (this) {
      case BILINEAR -> distance < 1 ? 1 - distance : 0;
      case BICUBIC -> {
        if (distance < 1) {
          yield ((A + 2) * distance - (A + 3)) * distance * distance + 1;
        }
        yield distance < 2 ? (((distance - 5) * distance + 8) * distance - 4) * A : 0;
      }
    };
  }
}
