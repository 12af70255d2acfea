package simsiam.eval.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import simsiam.eval.EvalReport;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.FeatureSource;
import simsiam.model.engine.LinearAlgebra;

/**
 * Linear evaluation by logistic regression that is solved rather than trained for a while: features
 * are standardised by the train split, C is the one that does best on a held-out part of the train
 * split (of equals the smaller, which regularises more), and the final weights are those of the
 * whole train split at that C. The test split is only scored. The objective is scikit-learn's
 * {@code LogisticRegression}: {@code C·Σ loss + ½‖W‖²}, biases free. The scale of the features,
 * rates and epochs have no part in it; the same inputs give the same result on any number of
 * threads.
 *
 * <p>Memory: the labelled training features once, as float32, and little besides.
 */
public final class LogisticProbe {
  private final ProbeSpec spec;
  private final LinearAlgebra algebra;
  private final int pass;

  public LogisticProbe(ProbeSpec spec, LinearAlgebra algebra) {
    this(spec, algebra, MultinomialLoss.PASS);
  }

  private LogisticProbe(ProbeSpec spec, LinearAlgebra algebra, int pass) {
    this.spec = spec;
    this.algebra = algebra;
    this.pass = pass;
  }

  /**
   * A probe of few images, whose products are so small that to hand them to an engine's threads
   * takes longer than to form them.
   *
   * @param images of the train split
   */
  public static LogisticProbe ofFew(ProbeSpec spec, int images) {
    int rows = Math.max(1, Integer.highestOneBit(2 * images - 1));
    return new LogisticProbe(spec, new JavaLinearAlgebra(), Math.min(MultinomialLoss.PASS, rows));
  }

  /** Fits of a whole run: one for each C, and the last. */
  public static int fits(ProbeSpec spec) {
    return spec.c().size() + 1;
  }

  /**
   * Fits to the labelled images of one split and scores those of the other.
   *
   * @param train gone through three times
   * @param listener told of each fit as it ends
   */
  public ProbeResult run(FeatureSource train, FeatureSource test, Consumer<ProbeFit> listener) {
    FeatureSet.requireComparable(train, test);
    TrainingRows rows = TrainingRows.of(train, spec.heldOut());
    MultinomialLoss loss = new MultinomialLoss(algebra, pass, rows);
    int all = rows.size();
    double[] point = new double[loss.parameters()];
    double[] best = point.clone();
    List<ProbeFit> tried = new ArrayList<>();
    ProbeFit chosen = null;
    // From strong to weak: each fit begins near its solution.
    for (double c : rows.fitted() < all ? spec.c() : List.<Double>of()) {
      ProbeFit fit = fit(loss, point, c, rows.fitted(), all);
      listener.accept(fit);
      tried.add(fit);
      if (chosen == null || fit.heldOutTop1() > chosen.heldOutTop1()) {
        chosen = fit;
        best = point.clone();
      }
    }
    double c = chosen == null ? spec.c().get((spec.c().size() - 1) / 2) : chosen.c();
    ProbeFit last = fit(loss, best, c, all, all);
    listener.accept(last);
    Tested tested = new Tested(rows, best, test);
    return new ProbeResult(
        spec,
        tested.report(),
        tested.calibration.error(),
        last,
        tried,
        all,
        rows.unlabelled(),
        all - rows.fitted());
  }

  /** Solves for the first rows, from {@code point} on, which becomes the solution. */
  private ProbeFit fit(MultinomialLoss loss, double[] point, double c, int fitted, int all) {
    loss.over(fitted, 1 / (c * fitted));
    Lbfgs.Outcome outcome = new Lbfgs(loss, spec.tolerance(), spec.maxIterations()).minimise(point);
    MultinomialLoss.Score train = loss.score(point, 0, fitted);
    MultinomialLoss.Score heldOut = fitted < all ? loss.score(point, fitted, all) : train;
    return new ProbeFit(
        c,
        heldOut.top1(),
        heldOut.loss(),
        train.top1(),
        train.loss(),
        outcome.gradient(),
        outcome.iterations(),
        outcome.gradient() <= spec.tolerance());
  }

  /** Scores a test split, some rows at a time. */
  private final class Tested {
    private static final int ROWS = MultinomialLoss.PASS;

    private final TrainingRows train;
    private final FeatureSource test;
    private final float[] weights;
    private final double[] bias;
    private final float[] block;
    private final float[] logits;
    private final int[] labels = new int[ROWS];
    private final List<Verdict> verdicts = new ArrayList<>();
    private final Calibration calibration = new Calibration();
    private int filled;

    Tested(TrainingRows train, double[] point, FeatureSource test) {
      this.train = train;
      this.test = test;
      int classes = train.classes().length;
      weights = new float[classes * test.dim()];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) point[i];
      }
      bias = Arrays.copyOfRange(point, weights.length, point.length);
      block = new float[Math.multiplyExact(ROWS, test.dim())];
      logits = new float[Math.multiplyExact(ROWS, classes)];
      test.forEach(this::add);
      flush();
    }

    private void add(int index, int label, float[] values, int offset) {
      if (label != FeatureSet.UNKNOWN_LABEL) {
        train.standardizer().apply(values, offset, block, filled * test.dim());
        labels[filled++] = label;
        if (filled == ROWS) {
          flush();
        }
      }
    }

    private void flush() {
      int classes = bias.length;
      algebra.gemm(false, true, ROWS, classes, test.dim(), block, 0, weights, 0, logits);
      double[] scores = new double[test.classNames().size()];
      for (int i = 0; i < filled; i++) {
        // A class without a training image is no guess.
        Arrays.fill(scores, Double.NEGATIVE_INFINITY);
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
          double score = logits[i * classes + k] + bias[k];
          scores[train.classes()[k]] = score;
          most = Math.max(most, score);
        }
        double sum = 0;
        for (int k = 0; k < classes; k++) {
          sum += Math.exp(scores[train.classes()[k]] - most);
        }
        Verdict verdict = Verdict.of(labels[i], scores);
        verdicts.add(verdict);
        calibration.add(1 / sum, verdict.predicted() == verdict.truth());
      }
      filled = 0;
    }

    EvalReport report() {
      return EvalReport.of(verdicts, test.size() - verdicts.size(), test.classNames());
    }
  }
}
