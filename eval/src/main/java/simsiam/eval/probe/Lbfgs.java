package simsiam.eval.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a
 * preconditioner as its first Hessian and a bisecting weak-Wolfe line search, for smooth convex
 * functions. Double precision throughout. It asks for the function's value at one point after
 * another, so that several searches can share the passes over their data. That the first Hessian
 * can be given is what makes badly scaled problems converge in tens of steps, and why it is written
 * here.
 */
final class Lbfgs {
  private static final int HISTORY = 10;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MOST_TRIALS = 30;

  /** What two values may differ by from the rounding of float32 products alone, of their size. */
  private static final double NOISE = 1e-7;

  /** About the inverse Hessian: symmetric, positive definite. */
  interface Preconditioner {
    /** Replaces a vector by the product with it. */
    void apply(double[] vector);
  }

  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Pair(double[] step, double[] change, double product) {}

  private final double tolerance;
  private final int maxIterations;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private Preconditioner preconditioner = vector -> {};
  private double[] point;
  private double[] gradient;
  private double value;
  private double[] trial;
  private double[] trialGradient;
  private double[] direction;
  private double slope;
  private double low;
  private double high;
  private double length;
  private int trials;
  private int iterations;
  private boolean begun;
  private boolean stuck;

  /** A search from {@code start} on, which is left as it is. */
  Lbfgs(double[] start, double tolerance, int maxIterations) {
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
    trial = start.clone();
    trialGradient = new double[start.length];
  }

  /** Uses another preconditioner from the next direction on. */
  void precondition(Preconditioner better) {
    preconditioner = better;
  }

  /** The point, {@code [P]}, to evaluate next. */
  double[] trial() {
    return trial;
  }

  /** Where the gradient at {@link #trial} belongs, {@code [P]}. */
  double[] trialGradient() {
    return trialGradient;
  }

  /** Where the search is, and in the end has ended. */
  double[] point() {
    return point;
  }

  /** Largest component of the gradient there, absolute. */
  double gradient() {
    return largest(gradient);
  }

  int iterations() {
    return iterations;
  }

  /**
   * Goes on from the value at {@link #trial}, whose gradient is in its place.
   *
   * @return whether the search has moved to that point
   */
  boolean tell(double trialValue) {
    if (!begun) {
      begun = true;
      take(trialValue);
      return true;
    }
    trials++;
    double noise = NOISE * Math.max(1, Math.abs(value));
    if (!(trialValue <= value + DECREASE * length * slope + noise)) {
      high = length;
    } else if (dot(direction, trialGradient) < CURVATURE * slope) {
      low = length;
    } else {
      remember();
      take(trialValue);
      iterations++;
      direction = null;
      return true;
    }
    length = high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
    if (trials < MOST_TRIALS) {
      step();
    } else {
      direction = null;
      forget();
    }
    return false;
  }

  /**
   * Chooses the next {@link #trial}.
   *
   * @return false if the search has ended: solved, given up, or at a point from which rounding
   *     hides the way down
   */
  boolean next() {
    while (direction == null) {
      if (stuck || largest(gradient) <= tolerance || iterations >= maxIterations) {
        return false;
      }
      double[] chosen = choose();
      slope = dot(chosen, gradient);
      if (slope < 0) {
        direction = chosen;
        low = 0;
        high = Double.POSITIVE_INFINITY;
        length = 1;
        trials = 0;
        step();
      } else {
        forget();
      }
    }
    return true;
  }

  /** What was learnt leads nowhere; without it, the preconditioned gradient may. */
  private void forget() {
    stuck = pairs.isEmpty();
    pairs.clear();
  }

  private void step() {
    for (int i = 0; i < trial.length; i++) {
      trial[i] = point[i] + length * direction[i];
    }
  }

  private void take(double trialValue) {
    double[] free = point == null ? new double[trial.length] : point;
    double[] freeGradient = gradient == null ? new double[trial.length] : gradient;
    point = trial;
    gradient = trialGradient;
    value = trialValue;
    trial = free;
    trialGradient = freeGradient;
  }

  private void remember() {
    double[] step = new double[point.length];
    double[] change = new double[point.length];
    for (int i = 0; i < step.length; i++) {
      step[i] = trial[i] - point[i];
      change[i] = trialGradient[i] - gradient[i];
    }
    double product = dot(step, change);
    if (product > 0) {
      pairs.addLast(new Pair(step, change, product));
      if (pairs.size() > HISTORY) {
        pairs.removeFirst();
      }
    }
  }

  /** Two-loop recursion. */
  private double[] choose() {
    double[] vector = new double[gradient.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = -gradient[i];
    }
    List<Pair> kept = new ArrayList<>(pairs);
    double[] weights = new double[kept.size()];
    for (int p = kept.size() - 1; p >= 0; p--) {
      weights[p] = dot(kept.get(p).step(), vector) / kept.get(p).product();
      add(vector, -weights[p], kept.get(p).change());
    }
    preconditioner.apply(vector);
    if (!kept.isEmpty()) {
      scale(vector, kept.get(kept.size() - 1));
    }
    for (int p = 0; p < kept.size(); p++) {
      double along = dot(kept.get(p).change(), vector) / kept.get(p).product();
      add(vector, weights[p] - along, kept.get(p).step());
    }
    return vector;
  }

  /** Corrects the preconditioner's scale by the newest step. */
  private void scale(double[] vector, Pair newest) {
    double[] image = newest.change().clone();
    preconditioner.apply(image);
    double factor = newest.product() / dot(newest.change(), image);
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factor;
    }
  }

  private static void add(double[] to, double factor, double[] vector) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }

  private static double dot(double[] a, double[] b) {
    return Cholesky.dot(a, 0, b, 0, a.length);
  }

  private static double largest(double[] vector) {
    double largest = 0;
    for (double component : vector) {
      largest = Math.max(largest, Math.abs(component));
    }
    return largest;
  }
}
