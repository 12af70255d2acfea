package simsiam.eval.knn;

import java.util.Arrays;

/** The votes of a query's neighbours, {@code exp((similarity - nearest) / T)} for their class. */
final class Votes {
  private final double[] byClass;
  private final double temperature;

  Votes(int classes, double temperature) {
    this.byClass = new double[classes];
    this.temperature = temperature;
    Arrays.fill(byClass, Double.NEGATIVE_INFINITY);
  }

  /**
   * Adds the votes of some neighbours, nearest first.
   *
   * @param labels classes of the bank's images
   */
  void add(Neighbours neighbours, int from, int to, int[] labels) {
    // Relative to the nearest, so that none overflows.
    double nearest = neighbours.similarities()[0];
    for (int i = from; i < to; i++) {
      double weight = Math.exp((neighbours.similarities()[i] - nearest) / temperature);
      int label = labels[neighbours.indices()[i]];
      byClass[label] =
          byClass[label] == Double.NEGATIVE_INFINITY ? weight : byClass[label] + weight;
    }
  }

  /** By class; minus infinity for a class without a vote. */
  double[] byClass() {
    return byClass;
  }
}
