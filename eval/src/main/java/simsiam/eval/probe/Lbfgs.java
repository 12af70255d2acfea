package simsiam.eval.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4) with a
 * preconditioner as its first Hessian and a bisecting weak-Wolfe line search, for smooth convex
 * functions. Double precision throughout. That the first Hessian can be given is what makes badly
 * scaled problems converge in tens of steps, and why it is written here.
 */
final class Lbfgs {
  private static final int HISTORY = 10;
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MOST_TRIALS = 30;

  /** What two values may differ by from the rounding of float32 products alone, of their size. */
  private static final double NOISE = 1e-7;

  /** A function of P parameters. */
  interface Function {
    /**
     * Its value at a point.
     *
     * @param gradient {@code [P]}, overwritten
     */
    double evaluate(double[] point, double[] gradient);

    /** Replaces a vector by about the inverse Hessian times it; symmetric, positive definite. */
    void precondition(double[] vector);
  }

  /**
   * Where the search ended.
   *
   * @param gradient largest component of the gradient there, absolute
   */
  record Outcome(double value, double gradient, int iterations) {}

  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Pair(double[] step, double[] change, double product) {}

  private final Function function;
  private final double tolerance;
  private final int maxIterations;
  private final Deque<Pair> pairs = new ArrayDeque<>();
  private double[] point;
  private double[] gradient;
  private double value;

  Lbfgs(Function function, double tolerance, int maxIterations) {
    this.function = function;
    this.tolerance = tolerance;
    this.maxIterations = maxIterations;
  }

  /**
   * Minimises.
   *
   * @param start where to begin; replaced by where the search ended
   */
  Outcome minimise(double[] start) {
    point = start.clone();
    gradient = new double[start.length];
    value = function.evaluate(point, gradient);
    int iterations = 0;
    while (largest(gradient) > tolerance && iterations < maxIterations) {
      if (!advance()) {
        if (pairs.isEmpty()) {
          break; // not even along the preconditioned gradient: the rest is rounding
        }
        pairs.clear();
        continue;
      }
      iterations++;
    }
    System.arraycopy(point, 0, start, 0, start.length);
    return new Outcome(value, largest(gradient), iterations);
  }

  /** One step; false if none was found that lowers the value. */
  private boolean advance() {
    double[] direction = direction();
    double slope = dot(direction, gradient);
    if (!(slope < 0)) {
      return false;
    }
    double[] next = new double[point.length];
    double[] nextGradient = new double[point.length];
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double length = 1;
    for (int trial = 0; trial < MOST_TRIALS; trial++) {
      for (int i = 0; i < next.length; i++) {
        next[i] = point[i] + length * direction[i];
      }
      double nextValue = function.evaluate(next, nextGradient);
      double noise = NOISE * Math.max(1, Math.abs(value));
      if (!(nextValue <= value + DECREASE * length * slope + noise)) {
        high = length;
      } else if (dot(direction, nextGradient) < CURVATURE * slope) {
        low = length;
      } else {
        accept(next, nextGradient, nextValue);
        return true;
      }
      length = high < Double.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
    }
    return false;
  }

  private void accept(double[] next, double[] nextGradient, double nextValue) {
    double[] step = new double[next.length];
    double[] change = new double[next.length];
    for (int i = 0; i < step.length; i++) {
      step[i] = next[i] - point[i];
      change[i] = nextGradient[i] - gradient[i];
    }
    double product = dot(step, change);
    if (product > 0) {
      pairs.addLast(new Pair(step, change, product));
      if (pairs.size() > HISTORY) {
        pairs.removeFirst();
      }
    }
    point = next;
    gradient = nextGradient;
    value = nextValue;
  }

  /** Two-loop recursion. */
  private double[] direction() {
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
    function.precondition(vector);
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
    function.precondition(image);
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
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] vector) {
    double largest = 0;
    for (double component : vector) {
      largest = Math.max(largest, Math.abs(component));
    }
    return largest;
  }
}
