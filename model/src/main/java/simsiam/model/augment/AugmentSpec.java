package simsiam.model.augment;

import java.util.List;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;
import simsiam.model.config.Violation;
import simsiam.model.image.resize.Interpolation;

/**
 * The random transformation that makes a view of an image (paper §3 and Appendix D).
 *
 * @param cropSize S, pixels a side of a view
 * @param cropScale interval of the crop's area over the image's
 * @param cropRatio interval of the crop's width over its height, drawn log-uniformly
 * @param flip probability of a horizontal flip
 * @param mean of each channel in [0, 1], subtracted; empty: the train split's own
 * @param std of each channel, divided by; empty: the train split's own
 * @param device where the views of pre-training are made
 * @param interpolation of the crop's pixels
 */
public record AugmentSpec(
    int cropSize,
    List<Double> cropScale,
    List<Double> cropRatio,
    double flip,
    JitterSpec jitter,
    double grayscaleP,
    BlurSpec blur,
    List<Double> mean,
    List<Double> std,
    @Neutral("cpu") ViewDevice device,
    @Neutral("bilinear") Interpolation interpolation) {
  /** 256 images of it, which are encoded at once for evaluation, fit into an array. */
  private static final int MAX_CROP_SIZE = 1672;

  public AugmentSpec {
    cropScale = List.copyOf(cropScale);
    cropRatio = List.copyOf(cropRatio);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    // So in older checkpoints.
    device = device == null ? ViewDevice.CPU : device;
    interpolation = interpolation == null ? Interpolation.BILINEAR : interpolation;
    new Checks()
        .atLeast("crop_size", cropSize, 8)
        .atMost("crop_size", cropSize, MAX_CROP_SIZE)
        .all(cropsAndFlipsViolations(cropScale, cropRatio, flip))
        .between("grayscale_p", grayscaleP, 0, 1)
        .require("mean", mean, mean.isEmpty() || mean.size() == 3, "3 values, or none")
        .require(
            "std",
            std,
            std.size() == mean.size() && std.stream().allMatch(s -> s > 0),
            "as many values as mean, each above 0")
        .done();
  }

  /** Bilinear views that are made on the CPU. */
  public AugmentSpec(
      int cropSize,
      List<Double> cropScale,
      List<Double> cropRatio,
      double flip,
      JitterSpec jitter,
      double grayscaleP,
      BlurSpec blur,
      List<Double> mean,
      List<Double> std) {
    this(
        cropSize,
        cropScale,
        cropRatio,
        flip,
        jitter,
        grayscaleP,
        blur,
        mean,
        std,
        ViewDevice.CPU,
        Interpolation.BILINEAR);
  }

  /**
   * What is wrong with values of the keys {@code crop_scale}, {@code crop_ratio} and {@code flip}.
   */
  public static List<Violation> cropsAndFlipsViolations(
      List<Double> scale, List<Double> ratio, double flip) {
    return new Checks()
        .interval("crop_scale", scale)
        .require(
            "crop_scale",
            scale,
            scale.stream().allMatch(area -> area <= 1),
            "areas of at most 1, the whole image")
        .interval("crop_ratio", ratio)
        .between("flip", flip, 0, 1)
        .violations();
  }

  /** The same with another mean and deviation. */
  public AugmentSpec normalised(List<Double> byMean, List<Double> byStd) {
    return with(byMean, byStd, device);
  }

  /** The same, made elsewhere. */
  public AugmentSpec on(ViewDevice other) {
    return with(mean, std, other);
  }

  private AugmentSpec with(List<Double> otherMean, List<Double> otherStd, ViewDevice otherDevice) {
    return new AugmentSpec(
        cropSize,
        cropScale,
        cropRatio,
        flip,
        jitter,
        grayscaleP,
        blur,
        otherMean,
        otherStd,
        otherDevice,
        interpolation);
  }

  /** Crops and flips of these kinds alone, bilinear. */
  public AugmentSpec cropsAndFlips(List<Double> scale, List<Double> ratio, double flipped) {
    return cropsAndFlips(scale, ratio, flipped, Interpolation.BILINEAR);
  }

  /** Crops and flips of these kinds alone, on the CPU, at the same size, mean and deviation. */
  public AugmentSpec cropsAndFlips(
      List<Double> scale, List<Double> ratio, double flipped, Interpolation resized) {
    return new AugmentSpec(
        cropSize,
        scale,
        ratio,
        flipped,
        new JitterSpec(0, 0, 0, 0, 0),
        0,
        new BlurSpec(0, blur.sigma()),
        mean,
        std,
        ViewDevice.CPU,
        resized);
  }
}
