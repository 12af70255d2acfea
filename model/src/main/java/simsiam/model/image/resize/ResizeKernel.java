package simsiam.model.image.resize;

/**
 * Fixed-point weights of one of Pillow's antialiased filters from {@code in} to {@code out} samples
 * along one axis, for a run of the output. Its sample i, counted from the first of the run, is the
 * sum over t below {@link #taps} of {@code weights[i·taps + t]} times input sample {@code start[i]
 * + t}; all of these lie inside the input.
 */
final class ResizeKernel {
  static final int PRECISION_BITS = 32 - 8 - 2;

  final Interpolation interpolation;
  final int in;
  final int out;
  final int first;
  final int count;
  final int taps;
  final int[] start;
  final int[] weights;

  /**
   * @param first of the output samples that are wanted
   * @param count of these
   */
  ResizeKernel(Interpolation interpolation, int in, int out, int first, int count) {
    this.interpolation = interpolation;
    this.in = in;
    this.out = out;
    this.first = first;
    this.count = count;
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    this.taps = Math.min(in, widest(scale, stretch));
    this.start = new int[count];
    this.weights = new int[Math.multiplyExact(count, taps)];
    for (int i = 0; i < count; i++) {
      fill(i, (first + i + 0.5) * scale, stretch);
    }
  }

  boolean is(int samples, int resized, int from, int run) {
    return in == samples && out == resized && first == from && count == run;
  }

  /** Most input samples that have a weight above zero for one output sample. */
  private int widest(double scale, double stretch) {
    int most = 1;
    for (int i = 0; i < count; i++) {
      double center = (first + i + 0.5) * scale;
      int begin = begin(center, stretch);
      int end = end(center, stretch);
      while (begin < end - 1 && weight(begin, center, stretch) == 0) {
        begin++;
      }
      while (begin < end - 1 && weight(end - 1, center, stretch) == 0) {
        end--;
      }
      most = Math.max(most, end - begin);
    }
    return most;
  }

  /** Whether some weights are negative, so that sums may leave 0 to 255. */
  boolean signed() {
    return interpolation != Interpolation.BILINEAR;
  }

  private int begin(double center, double stretch) {
    return Math.max(0, (int) (center - interpolation.support * stretch + 0.5));
  }

  private int end(double center, double stretch) {
    return Math.min(in, (int) (center + interpolation.support * stretch + 0.5));
  }

  private double weight(int sample, double center, double stretch) {
    return interpolation.weight(Math.abs((sample - center + 0.5) * (1.0 / stretch)));
  }

  private void fill(int i, double center, double stretch) {
    int begin = begin(center, stretch);
    int end = end(center, stretch);
    double total = 0;
    for (int sample = begin; sample < end; sample++) {
      total += weight(sample, center, stretch);
    }
    while (begin < end - 1 && weight(begin, center, stretch) == 0) {
      begin++;
    }
    start[i] = Math.min(begin, in - taps);
    for (int t = 0; t < taps; t++) {
      int sample = start[i] + t;
      boolean inside = sample >= begin && sample < end;
      double share = inside ? weight(sample, center, stretch) / total : 0;
      double scaled = share * (1 << PRECISION_BITS);
      weights[i * taps + t] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
}
