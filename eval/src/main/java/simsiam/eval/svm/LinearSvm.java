package simsiam.eval.svm;

import de.bwaldvogel.liblinear.Feature;
import de.bwaldvogel.liblinear.Linear;
import de.bwaldvogel.liblinear.Model;
import de.bwaldvogel.liblinear.Parameter;
import de.bwaldvogel.liblinear.Problem;
import de.bwaldvogel.liblinear.SolverType;

/**
 * One class against all others: squared hinge loss, L2 regularisation (of the bias too), images of
 * the class at twice the cost, solved in the dual by LIBLINEAR to a tolerance of 1e-4. The same as
 * scikit-learn's {@code LinearSVC(class_weight={1: 2, -1: 1}, intercept_scaling=1, tol=1e-4,
 * max_iter=2000)}, and the same whenever the rows are.
 *
 * @param weights {@code [D + 1]}, the bias last
 */
@SuppressWarnings("ArrayRecordComponent") // carried, not compared
record LinearSvm(double[] weights) {
  private static final double TOLERANCE = 1e-4;
  private static final int MAX_ITERATIONS = 2000;
  private static final double UNUSED = 0.1; // of regression

  static {
    Linear.disableDebugOutput(); // else it prints each iteration
  }

  /**
   * Fits to rows of both classes.
   *
   * @param rows see {@link UnitRows#nodes}
   */
  static LinearSvm fit(Feature[][] rows, boolean[] positive, double c) {
    Problem problem = new Problem();
    problem.l = rows.length;
    problem.n = rows[0].length;
    problem.bias = 1;
    problem.x = rows;
    problem.y = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      problem.y[i] = positive[i] ? 1 : -1;
    }
    Parameter parameter =
        new Parameter(SolverType.L2R_L2LOSS_SVC_DUAL, c, TOLERANCE, MAX_ITERATIONS, UNUSED);
    parameter.setWeights(new double[] {2, 1}, new int[] {1, -1});
    Model model = Linear.train(problem, parameter);
    double[] weights = model.getFeatureWeights();
    if (model.getLabels()[0] != 1) { // its weights are for the class of the first row
      for (int j = 0; j < weights.length; j++) {
        weights[j] = -weights[j];
      }
    }
    return new LinearSvm(weights);
  }
}
