package simsiam.model.augment;

import java.util.List;

/** Augmentations that tests share. */
public final class Specs {
  private static final List<Double> RATIO = List.of(3 / 4.0, 4 / 3.0);

  private Specs() {}

  /** The paper's for CIFAR-10 (Appendix D). */
  public static AugmentSpec simSiam(int size) {
    return spec(size, 0.2, 0.5, 0.8, 0.2, 0);
  }

  /** The paper's for ImageNet, with blur. */
  public static AugmentSpec withBlur(int size) {
    return spec(size, 0.2, 0.5, 0.8, 0.2, 0.5);
  }

  public static AugmentSpec withoutCrop(int size) {
    return spec(size, 1, 0.5, 0.8, 0.2, 0);
  }

  public static AugmentSpec none(int size) {
    return spec(size, 1, 0, 0, 0, 0);
  }

  static AugmentSpec withJitter(int size, JitterSpec jitter) {
    return spec(size, 0.2, 0.5, jitter, 0.2, 0);
  }

  private static AugmentSpec spec(
      int size, double minScale, double flip, double jitter, double grey, double blur) {
    JitterSpec strengths = new JitterSpec(jitter, 0.4, 0.4, 0.4, 0.1);
    return spec(size, minScale, flip, strengths, grey, blur);
  }

  private static AugmentSpec spec(
      int size, double minScale, double flip, JitterSpec jitter, double grey, double blur) {
    List<Double> ratio = minScale == 1 ? List.of(1.0, 1.0) : RATIO;
    return new AugmentSpec(
        size,
        List.of(minScale, 1.0),
        ratio,
        flip,
        jitter,
        grey,
        new BlurSpec(blur, List.of(0.1, 2.0)),
        List.of(),
        List.of());
  }
}
