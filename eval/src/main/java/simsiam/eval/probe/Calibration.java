package simsiam.eval.probe;

/**
 * Expected calibration error (Guo et al. 2017, "On Calibration of Modern Neural Networks", §2):
 * images are binned by the probability of their first guess into 15 bins of equal width; the error
 * is the mean over images of the difference between a bin's accuracy and its mean probability.
 */
final class Calibration {
  private static final int BINS = 15;

  private final double[] confidence = new double[BINS];
  private final int[] correct = new int[BINS];
  private int images;

  /**
   * Counts an image.
   *
   * @param probability of the first guess, 0 to 1
   */
  void add(double probability, boolean right) {
    int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(probability * BINS) - 1));
    confidence[bin] += probability;
    correct[bin] += right ? 1 : 0;
    images++;
  }

  /** In percent; 0 without images. */
  double error() {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(correct[bin] - confidence[bin]);
    }
    return images == 0 ? 0 : 100 * sum / images;
  }
}
