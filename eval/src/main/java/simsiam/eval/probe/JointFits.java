package simsiam.eval.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.eval.probe.MultinomialLoss.Value;
import simsiam.model.engine.LinearAlgebra;

/**
 * Fits of several C to the same rows at once: each is a search of its own, all are evaluated in the
 * same passes over the rows, and a search that has ended leaves them.
 */
final class JointFits implements AutoCloseable {
  private final ProbeSpec spec;
  private final TrainingRows rows;
  private final int classes;
  private final int dim;
  private final MultinomialLoss loss;
  private final Optional<float[][]> covariance;

  JointFits(ProbeSpec spec, LinearAlgebra algebra, TrainingRows rows) {
    this.spec = spec;
    this.rows = rows;
    classes = rows.classes().length;
    dim = rows.features().dim();
    loss = new MultinomialLoss(algebra, rows);
    covariance = UniformCurvature.covariance(algebra, rows);
  }

  /**
   * A fit, and where it ended.
   *
   * @param point {@code [K·D + K]}, as {@link MultinomialLoss} has it
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  record Solution(ProbeFit fit, double[] point) {}

  /** {@code [K·D + K]} zeros. */
  double[] origin() {
    return new double[loss.parameters()];
  }

  /**
   * Solves for the first rows and scores on the others, if there are any.
   *
   * @param start where all searches begin
   * @param listener told of each as it ends
   * @return in the order of {@code c}
   */
  List<Solution> solve(List<Double> c, double[] start, int fitted, Consumer<ProbeFit> listener) {
    List<Search> searches = c.stream().map(value -> new Search(value, fitted, start)).toList();
    List<Search> active = new ArrayList<>(searches);
    begin(active, start, fitted);
    while (!active.isEmpty()) {
      active.parallelStream().forEach(Search::advance);
      List<Search> ended = active.stream().filter(search -> !search.going).toList();
      if (!ended.isEmpty()) {
        score(ended, fitted);
        ended.forEach(search -> listener.accept(search.fit()));
        active.removeAll(ended);
      }
      evaluate(active, fitted);
    }
    return searches.stream().map(s -> new Solution(s.fit(), s.steps.point())).toList();
  }

  /** All are at the same point: one evaluation serves them. */
  private void begin(List<Search> searches, double[] start, int fitted) {
    double[] gradient = new double[start.length];
    Value value = loss.evaluate(List.of(start), List.of(gradient), 0, fitted).get(0);
    for (Search search : searches) {
      search.value = value;
      System.arraycopy(gradient, 0, search.steps.trialGradient(), 0, gradient.length);
    }
  }

  private void evaluate(List<Search> searches, int fitted) {
    if (searches.isEmpty()) {
      return;
    }
    List<double[]> points = searches.stream().map(search -> search.steps.trial()).toList();
    List<double[]> slopes = searches.stream().map(search -> search.steps.trialGradient()).toList();
    List<Value> values = loss.evaluate(points, slopes, 0, fitted);
    for (int i = 0; i < searches.size(); i++) {
      searches.get(i).value = values.get(i);
    }
  }

  private void score(List<Search> ended, int fitted) {
    List<Value> scores = ended.stream().map(search -> search.train).toList();
    if (fitted < rows.size()) {
      List<double[]> points = ended.stream().map(search -> search.steps.point()).toList();
      scores = loss.evaluate(points, List.of(), fitted, rows.size());
    }
    for (int i = 0; i < ended.size(); i++) {
      ended.get(i).heldOut = scores.get(i);
    }
  }

  @Override
  public void close() {
    loss.close();
  }

  private final class Search {
    private final double c;
    private final double lambda;
    private final Lbfgs steps;
    private boolean preconditioned;
    private boolean going = true;

    /** At the trial. */
    private Value value;

    /** At the point, on the rows fitted to. */
    private Value train;

    private Value heldOut;

    Search(double c, int fitted, double[] start) {
      this.c = c;
      lambda = 1 / (c * fitted);
      steps = new Lbfgs(start, spec.tolerance(), spec.maxIterations());
    }

    void advance() {
      double[] trial = steps.trial();
      double[] gradient = steps.trialGradient();
      double squares = 0;
      for (int i = 0; i < classes * dim; i++) {
        gradient[i] += lambda * trial[i];
        squares += trial[i] * trial[i];
      }
      if (steps.tell(value.crossEntropy() + lambda / 2 * squares)) {
        train = value;
      }
      if (!preconditioned) {
        // At where the search begins: a is then of predictions like those on its way.
        steps.precondition(UniformCurvature.of(covariance, classes, dim, value.variance(), lambda));
        preconditioned = true;
      }
      going = steps.next();
    }

    ProbeFit fit() {
      return new ProbeFit(
          c,
          heldOut.top1(),
          heldOut.crossEntropy(),
          train.top1(),
          train.crossEntropy(),
          steps.gradient(),
          steps.iterations(),
          steps.gradient() <= spec.tolerance());
    }
  }
}
