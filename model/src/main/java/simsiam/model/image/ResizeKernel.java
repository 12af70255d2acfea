package simsiam.model.image;

/**
 * Fixed-point weights of Pillow's antialiased bilinear (triangle) filter from {@code in} to {@code
 * out} samples along one axis. Output sample i is the sum over t below {@link #taps} of {@code
 * weights[i·taps + t]} times input sample {@code start[i] + t}; all of these lie inside the input.
 */
final class ResizeKernel {
  static final int PRECISION_BITS = 32 - 8 - 2;

  final int in;
  final int out;
  final int taps;
  final int[] start;
  final int[] weights;

  ResizeKernel(int in, int out) {
    this.in = in;
    this.out = out;
    double scale = (double) in / out;
    double support = Math.max(scale, 1);
    this.taps = Math.min(in, widest(scale, support));
    this.start = new int[out];
    this.weights = new int[out * taps];
    for (int i = 0; i < out; i++) {
      fill(i, (i + 0.5) * scale, support);
    }
  }

  /** Most input samples that have a weight above zero for one output sample. */
  private int widest(double scale, double support) {
    int most = 1;
    for (int i = 0; i < out; i++) {
      double center = (i + 0.5) * scale;
      int first = first(center, support);
      int end = end(center, support);
      while (first < end - 1 && weight(first, center, support) == 0) {
        first++;
      }
      while (first < end - 1 && weight(end - 1, center, support) == 0) {
        end--;
      }
      most = Math.max(most, end - first);
    }
    return most;
  }

  private int first(double center, double support) {
    return Math.max(0, (int) (center - support + 0.5));
  }

  private int end(double center, double support) {
    return Math.min(in, (int) (center + support + 0.5));
  }

  private static double weight(int sample, double center, double support) {
    double distance = Math.abs((sample - center + 0.5) * (1.0 / support));
    return distance < 1 ? 1 - distance : 0;
  }

  private void fill(int i, double center, double support) {
    int first = first(center, support);
    int end = end(center, support);
    double total = 0;
    for (int sample = first; sample < end; sample++) {
      total += weight(sample, center, support);
    }
    while (first < end - 1 && weight(first, center, support) == 0) {
      first++;
    }
    start[i] = Math.min(first, in - taps);
    for (int t = 0; t < taps; t++) {
      int sample = start[i] + t;
      boolean inside = sample >= first && sample < end;
      double share = inside ? weight(sample, center, support) / total : 0;
      weights[i * taps + t] = (int) (0.5 + share * (1 << PRECISION_BITS));
    }
  }
}
