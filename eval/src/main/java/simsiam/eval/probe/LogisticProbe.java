package simsiam.eval.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.eval.EvalReport;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.FeatureSource;
import simsiam.eval.probe.JointFits.Solution;
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
  /** Columns of a product from which on it is no quicker for a row of them to be longer. */
  private static final int WIDE = 128;

  private final ProbeSpec spec;
  private final LinearAlgebra algebra;

  public LogisticProbe(ProbeSpec spec, LinearAlgebra algebra) {
    this.spec = spec;
    this.algebra = algebra;
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
    return run(TrainingRows.of(train, spec.heldOut()), test, listener);
  }

  /**
   * The same without a copy of the training features.
   *
   * @param train in whose memory they are standardised, so that it may not be used afterwards
   */
  public ProbeResult runInPlace(FeatureSet train, FeatureSource test, Consumer<ProbeFit> listener) {
    FeatureSet.requireComparable(train, test);
    return run(TrainingRows.inPlace(train, spec.heldOut()), test, listener);
  }

  private ProbeResult run(TrainingRows rows, FeatureSource test, Consumer<ProbeFit> listener) {
    int all = rows.size();
    List<Solution> tried = new ArrayList<>();
    Solution last;
    try (JointFits fits = new JointFits(spec, algebra, rows)) {
      double[] start = fits.origin();
      int together = Math.max(1, WIDE / rows.classes().length);
      List<Double> grid = rows.fitted() < all ? spec.c() : List.of();
      // From strong to weak: each group begins near its solutions.
      for (int first = 0; first < grid.size(); first += together) {
        List<Double> group = grid.subList(first, Math.min(grid.size(), first + together));
        tried.addAll(fits.solve(group, start, rows.fitted(), listener));
        start = tried.get(tried.size() - 1).point();
      }
      Optional<Solution> chosen = best(tried);
      double c = chosen.map(s -> s.fit().c()).orElse(spec.c().get((spec.c().size() - 1) / 2));
      double[] near = chosen.map(Solution::point).orElse(start);
      last = fits.solve(List.of(c), near, all, listener).get(0);
    }
    Tested tested = new Tested(rows, last.point(), test);
    return new ProbeResult(
        spec,
        tested.report(),
        tested.calibration.error(),
        last.fit(),
        tried.stream().map(Solution::fit).toList(),
        all,
        rows.unlabelled(),
        all - rows.fitted());
  }

  /** The first of those that do best on held-out images. */
  private static Optional<Solution> best(List<Solution> tried) {
    Solution best = null;
    for (Solution solution : tried) {
      if (best == null || solution.fit().heldOutTop1() > best.fit().heldOutTop1()) {
        best = solution;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Scores a test split, some rows at a time. */
  private final class Tested {
    private static final int ROWS = FeatureMatrix.BLOCK_ROWS / 2;

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
