package simsiam.model.net;

/** Which halves of the loss are taken (paper §4.6). */
public enum Symmetry {
  /** ½ D(p1, z2) + ½ D(p2, z1). */
  SYMMETRIC(2),
  /** D(p1, z2) alone. */
  ASYMMETRIC(2),
  /** ½ D(p1, z2) + ½ D(p3, z4): two independent pairs of views an image. */
  ASYMMETRIC_2X(4);

  private final int views;

  Symmetry(int views) {
    this.views = views;
  }

  /** V, the augmented views taken of each image. */
  public int views() {
    return views;
  }
}
