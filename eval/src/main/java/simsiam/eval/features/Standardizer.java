package simsiam.eval.features;

/**
 * Shifts and scales every channel by the mean and the deviation (divisor N) of the labelled images
 * of a train split. A channel that is constant, but for rounding, is shifted alone: it carries
 * nothing, and its rounding errors would else be blown up to deviation 1.
 */
public final class Standardizer {
  /** Deviations below this part of the mean are float32's rounding. */
  private static final double ROUNDING = 4 * 0x1p-23;

  private final double[] mean;
  private final double[] scale;

  private Standardizer(double[] mean, double[] scale) {
    this.mean = mean;
    this.scale = scale;
  }

  /** Goes through the split once. */
  public static Standardizer of(FeatureSource train) {
    Sums sums = new Sums(train.dim());
    train.forEach(
        (index, label, values, offset) -> {
          if (label != FeatureSet.UNKNOWN_LABEL) {
            sums.add(values, offset);
          }
        });
    return sums.result();
  }

  /** Sums of differences from the first row, which keep their digits where means are large. */
  private static final class Sums {
    private final double[] first;
    private final double[] sum;
    private final double[] squares;
    private long n;

    Sums(int dim) {
      first = new double[dim];
      sum = new double[dim];
      squares = new double[dim];
    }

    void add(float[] values, int offset) {
      for (int j = 0; j < first.length; j++) {
        if (n == 0) {
          first[j] = values[offset + j];
        }
        double shifted = values[offset + j] - first[j];
        sum[j] += shifted;
        squares[j] += shifted * shifted;
      }
      n++;
    }

    Standardizer result() {
      double[] mean = new double[first.length];
      double[] scale = new double[first.length];
      for (int j = 0; j < first.length; j++) {
        double shift = n == 0 ? 0 : sum[j] / n;
        double variance = n == 0 ? 0 : squares[j] / n - shift * shift;
        double deviation = Math.sqrt(Math.max(0, variance));
        mean[j] = first[j] + shift;
        scale[j] = deviation > ROUNDING * Math.abs(mean[j]) ? 1 / deviation : 1;
      }
      return new Standardizer(mean, scale);
    }
  }

  /** Writes a row of D values, standardised, to another place. */
  public void apply(float[] from, int fromAt, float[] to, int toAt) {
    for (int j = 0; j < mean.length; j++) {
      to[toAt + j] = (float) ((from[fromAt + j] - mean[j]) * scale[j]);
    }
  }

  /** The same images, standardised. */
  public FeatureSet apply(FeatureSet set) {
    FeatureMatrix scaled = new FeatureMatrix(set.size(), set.dim());
    set.forEach(
        (index, label, values, offset) ->
            apply(values, offset, scaled.holding(index), scaled.offset(index)));
    return new FeatureSet(scaled, set.labels(), set.ids(), set.space());
  }
}
