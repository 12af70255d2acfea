package simsiam.model.augment;

import java.util.List;
import simsiam.model.image.CropBox;

/**
 * Draws the box of a random resized crop as torchvision's {@code RandomResizedCrop.get_params}:
 * area uniform in an interval of fractions, width over height log-uniform, ten tries for a box that
 * fits; else the largest centred box whose ratio is allowed.
 */
public final class CropSampler {
  private static final int TRIES = 10;

  private final double minScale;
  private final double maxScale;
  private final double minRatio;
  private final double maxRatio;

  public CropSampler(List<Double> scale, List<Double> ratio) {
    this.minScale = scale.get(0);
    this.maxScale = scale.get(1);
    this.minRatio = ratio.get(0);
    this.maxRatio = ratio.get(1);
  }

  /** A box inside an image of that size. */
  public CropBox sample(int height, int width, ViewRandom random) {
    double area = (double) height * width;
    for (int i = 0; i < TRIES; i++) {
      double target = area * random.uniform(minScale, maxScale);
      double ratio = Math.exp(random.uniform(Math.log(minRatio), Math.log(maxRatio)));
      int boxWidth = (int) Math.rint(Math.sqrt(target * ratio));
      int boxHeight = (int) Math.rint(Math.sqrt(target / ratio));
      if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
        int top = random.nextInt(height - boxHeight + 1);
        int left = random.nextInt(width - boxWidth + 1);
        return new CropBox(top, left, boxHeight, boxWidth);
      }
    }
    return centered(height, width);
  }

  private CropBox centered(int height, int width) {
    double ratio = (double) width / height;
    int boxHeight = height;
    int boxWidth = width;
    if (ratio < minRatio) {
      boxHeight = Math.max(1, (int) Math.rint(width / minRatio));
    } else if (ratio > maxRatio) {
      boxWidth = Math.max(1, (int) Math.rint(height * maxRatio));
    }
    return new CropBox((height - boxHeight) / 2, (width - boxWidth) / 2, boxHeight, boxWidth);
  }
}
