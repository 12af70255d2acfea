package simsiam.eval.svm;

import java.util.ArrayList;
import java.util.List;

/**
 * One class against all others: squared hinge loss, L2 regularisation (of the bias too), images of
 * the class at twice the cost. That has one solution, which scikit-learn's {@code
 * LinearSVC(class_weight={1: 2, -1: 1}, intercept_scaling=1, tol=1e-4, max_iter=2000)} finds as
 * well.
 *
 * @param weights {@code [D + 1]}, the bias last; off the solution by at most 1e-4 of their length
 */
@SuppressWarnings("ArrayRecordComponent") // carried, not compared
record LinearSvm(double[] weights) {
  private static final double POSITIVE_WEIGHT = 2;

  /**
   * Fits to rows of both classes.
   *
   * @param chosen rows fitted to
   * @param positive of each of them, whether it is of the class
   */
  static LinearSvm fit(UnitRows rows, int[] chosen, boolean[] positive, double c) {
    return new Newton(rows, chosen, positive).solve(c);
  }

  /** The same for several costs, rising: each begins where the one before has ended. */
  static List<LinearSvm> path(UnitRows rows, int[] chosen, boolean[] positive, List<Double> costs) {
    Newton newton = new Newton(rows, chosen, positive);
    List<LinearSvm> path = new ArrayList<>();
    for (double c : costs) {
      path.add(newton.solve(c));
    }
    return path;
  }

  /**
   * Newton's method with conjugate gradients (Keerthi and DeCoste, JMLR 2005): minimises {@code
   * ‖w‖²/2 + Σ C_i max(0, 1 - y w·x)²}, whose Hessian is {@code I + 2 Σ C_i x xᵀ} over the rows
   * with a loss. As that is at least I, the weights are no further from the solution than the
   * gradient is long, which tells when to end. Gradients are in double precision; products with the
   * Hessian, which only choose directions, in single.
   */
  private static final class Newton {
    private static final double TOLERANCE = 1e-4;
    private static final int MAX_STEPS = 200;
    private static final int MAX_PRODUCTS = 300;

    /** Part of the gradient that a direction may leave. */
    private static final double REST = 0.02;

    /** Part of the decrease that the gradient promises which a step must make. */
    private static final double ARMIJO = 1e-3;

    private static final double SHORTEST = 1e-10;

    private final UnitRows rows;
    private final int[] chosen;
    private final boolean[] positive;
    private final double[] weights;
    private double[] decisions;

    Newton(UnitRows rows, int[] chosen, boolean[] positive) {
      this.rows = rows;
      this.chosen = chosen;
      this.positive = positive;
      this.weights = new double[rows.dim() + 1];
      this.decisions = new double[chosen.length];
    }

    LinearSvm solve(double c) {
      for (int step = 0; step < MAX_STEPS; step++) {
        double[] gradient = gradient(c);
        double length = length(gradient);
        if (length <= TOLERANCE * length(weights)) {
          break;
        }
        double[] direction = direction(gradient, length, c);
        double[] along = new double[chosen.length];
        for (int i = 0; i < along.length; i++) {
          along[i] = rows.decision(direction, chosen[i]);
        }
        double size = size(gradient, direction, along, c);
        for (int j = 0; j < weights.length; j++) {
          weights[j] += size * direction[j];
        }
        decisions = moved(along, size);
        if (size < SHORTEST) {
          break; // rounding leaves nothing to gain
        }
      }
      return new LinearSvm(weights.clone());
    }

    private double cost(int i, double c) {
      return positive[i] ? POSITIVE_WEIGHT * c : c;
    }

    /** How far a row is from where it would have no loss. */
    private double slack(int i, double decision) {
      return Math.max(0, 1 - (positive[i] ? decision : -decision));
    }

    private double[] gradient(double c) {
      double[] gradient = weights.clone();
      for (int i = 0; i < chosen.length; i++) {
        double slack = slack(i, decisions[i]);
        if (slack > 0) {
          double pull = 2 * cost(i, c) * slack;
          rows.addTo(gradient, chosen[i], positive[i] ? -pull : pull);
        }
      }
      return gradient;
    }

    private double[] moved(double[] along, double size) {
      double[] moved = new double[decisions.length];
      for (int i = 0; i < moved.length; i++) {
        moved[i] = decisions[i] + size * along[i];
      }
      return moved;
    }

    /** Of the whole step or its half, a quarter and so on, the first that is good enough. */
    private double size(double[] gradient, double[] direction, double[] along, double c) {
      double slope = dot(gradient, direction);
      double linear = dot(weights, direction);
      double square = dot(direction, direction);
      double before = loss(decisions, c);
      double size = 1;
      while (size >= SHORTEST) {
        double change =
            size * linear + size * size * square / 2 + loss(moved(along, size), c) - before;
        if (change <= ARMIJO * size * slope) {
          return size;
        }
        size /= 2;
      }
      return size;
    }

    private double loss(double[] at, double c) {
      double loss = 0;
      for (int i = 0; i < at.length; i++) {
        double slack = slack(i, at[i]);
        loss += cost(i, c) * slack * slack;
      }
      return loss;
    }

    /** About the Hessian's inverse times the gradient, turned around. */
    private double[] direction(double[] gradient, double length, double c) {
      Hessian hessian = hessian(c);
      int n = gradient.length;
      double[] found = new double[n];
      double[] rest = new double[n];
      float[] search = new float[n];
      float[] product = new float[n];
      for (int j = 0; j < n; j++) {
        rest[j] = -gradient[j];
        search[j] = (float) rest[j];
      }
      double square = length * length;
      for (int i = 0; i < MAX_PRODUCTS && Math.sqrt(square) > REST * length; i++) {
        hessian.times(search, product);
        double curvature = 0;
        for (int j = 0; j < n; j++) {
          curvature += (double) search[j] * product[j];
        }
        double size = square / curvature;
        double next = 0;
        for (int j = 0; j < n; j++) {
          found[j] += size * search[j];
          rest[j] -= size * product[j];
          next += rest[j] * rest[j];
        }
        double turn = next / square;
        for (int j = 0; j < n; j++) {
          search[j] = (float) (rest[j] + turn * search[j]);
        }
        square = next;
      }
      return found;
    }

    private Hessian hessian(double c) {
      int count = 0;
      int[] active = new int[chosen.length];
      float[] factors = new float[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        if (slack(i, decisions[i]) > 0) {
          active[count] = chosen[i];
          factors[count++] = (float) (2 * cost(i, c));
        }
      }
      return new Hessian(rows, active, factors, count);
    }

    private static double dot(double[] a, double[] b) {
      double sum = 0;
      for (int j = 0; j < a.length; j++) {
        sum += a[j] * b[j];
      }
      return sum;
    }

    private static double length(double[] a) {
      return Math.sqrt(dot(a, a));
    }
  }

  /** The identity and a sum over rows with a loss. */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Hessian(UnitRows rows, int[] active, float[] factors, int count) {
    void times(float[] vector, float[] product) {
      System.arraycopy(vector, 0, product, 0, vector.length);
      for (int i = 0; i < count; i++) {
        rows.addTo(product, active[i], factors[i] * rows.decision(vector, active[i]));
      }
    }
  }
}
