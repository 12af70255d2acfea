package simsiam.eval.svm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.svm.SvmResult.ClassSvm;
import simsiam.model.engine.LinearAlgebra;

/**
 * The VOC07 protocols (Goyal et al. 2019) on cached features: for each class an SVM against all
 * others, its C chosen by 3-fold cross-validation on average precision within the train split (of
 * equals the smaller), fitted to the whole of it and scored on the test split; and the low-shot
 * form of it, see {@link LowShot}. The same inputs and seed give the same result on any number of
 * threads.
 *
 * <p>Images may have one class or several. One that is neither an example of a class nor a
 * counterexample (VOC's difficult objects) is, as in the published scripts, a counterexample where
 * the SVM of that class is fitted and cross-validated, and left out where it is tested.
 */
public final class SvmClassifier {
  private static final int FOLDS = 3;

  private final SvmSpec spec;
  private final LinearAlgebra algebra;
  private final long seed;

  /**
   * @param algebra that scores test images
   * @param seed of the draws of low-shot images
   */
  public SvmClassifier(SvmSpec spec, LinearAlgebra algebra, long seed) {
    this.spec = spec;
    this.algebra = algebra;
    this.seed = seed;
  }

  /** Parts of a whole run, as {@link #run} tells them: each class, then each low-shot draw. */
  public static int parts(SvmSpec spec, int classes) {
    return classes + spec.lowShot().size() * spec.samples();
  }

  /**
   * Fits to the labelled images of one split and scores those of the other.
   *
   * @param listener called from several threads as each part ends
   */
  public SvmResult run(FeatureSet train, FeatureSet test, Runnable listener) {
    train.requireComparable(test);
    FeatureSet fitted = train.labelled();
    FeatureSet scored = test.labelled();
    if (fitted.size() == 0 || scored.size() == 0) {
      throw new IllegalArgumentException(
          "Cannot fit SVMs: expected labelled images, got none of %s%s"
              .formatted(
                  fitted.size() == 0 ? train.size() : test.size(),
                  fitted.size() == 0 ? "" : " to test on"));
    }
    UnitRows rows = new UnitRows(fitted.features());
    TestRows tested = new TestRows(scored, test.unlabelled());
    Job job = new Job(spec, rows, fitted);
    int classes = train.classNames().size();
    List<double[]> folds =
        IntStream.range(0, classes * FOLDS)
            .parallel()
            .mapToObj(task -> job.fold(task / FOLDS, task % FOLDS))
            .toList();
    List<Optional<Found>> found =
        IntStream.range(0, classes)
            .parallel()
            .mapToObj(
                label -> {
                  Optional<Found> one =
                      job.fit(label, folds.subList(label * FOLDS, (label + 1) * FOLDS));
                  listener.run();
                  return one;
                })
            .toList();
    double[][] scores =
        tested.scores(found.stream().map(one -> one.map(Found::svm)).toList(), algebra);
    List<ClassSvm> byClass = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      if (found.get(label).isPresent()) {
        double c = found.get(label).get().c();
        String name = train.classNames().get(label);
        tested
            .averagePrecision(label, scores[label])
            .ifPresent(percent -> byClass.add(new ClassSvm(name, c, percent)));
      }
    }
    return new SvmResult(
        spec,
        train.space().multiLabel() ? null : tested.report(scores),
        byClass,
        tried(found),
        fitted.size(),
        train.unlabelled(),
        new LowShotCurve(spec, rows, fitted, tested, algebra, seed).run(listener));
  }

  /** Means over the classes that could be cross-validated, for each C. */
  private List<Double> tried(List<Optional<Found>> found) {
    List<double[]> validated =
        found.stream()
            .flatMap(Optional::stream)
            .map(Found::tried)
            .filter(t -> t.length > 0)
            .toList();
    return validated.isEmpty()
        ? List.of()
        : IntStream.range(0, spec.c().size())
            .mapToObj(i -> validated.stream().mapToDouble(t -> t[i]).average().orElseThrow())
            .toList();
  }

  /**
   * The SVM of one class.
   *
   * @param tried average precision for each C in percent, mean over folds; empty without any
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Found(double c, double[] tried, LinearSvm svm) {}

  private record Job(SvmSpec spec, UnitRows rows, FeatureSet train) {

    private boolean[] positives(int label) {
      return SvmClassifier.positives(train, IntStream.range(0, train.size()).toArray(), label);
    }

    /**
     * Average precision for each C on one part of the images, in percent; empty where the class has
     * no image on either side, which does not count.
     */
    double[] fold(int label, int held) {
      boolean[] positive = positives(label);
      int[] folds = StratifiedFolds.of(positive, FOLDS);
      int[] in = IntStream.range(0, folds.length).filter(i -> folds[i] != held).toArray();
      int[] out = IntStream.range(0, folds.length).filter(i -> folds[i] == held).toArray();
      boolean[] fitted = select(positive, in);
      boolean[] heldOut = select(positive, out);
      if (!both(fitted) || !both(heldOut)) {
        return new double[0];
      }
      return LinearSvm.path(rows, in, fitted, spec.c()).stream()
          .mapToDouble(
              svm -> {
                double[] scores =
                    Arrays.stream(out).mapToDouble(r -> rows.decision(svm.weights(), r)).toArray();
                return 100 * AveragePrecision.steps(scores, heldOut);
              })
          .toArray();
    }

    /** Empty for a class without an image, or without any other's. */
    Optional<Found> fit(int label, List<double[]> folds) {
      boolean[] positive = positives(label);
      if (!both(positive)) {
        return Optional.empty();
      }
      List<double[]> counted = folds.stream().filter(fold -> fold.length > 0).toList();
      double[] tried =
          counted.isEmpty()
              ? new double[0]
              : IntStream.range(0, spec.c().size())
                  .mapToDouble(
                      i -> counted.stream().mapToDouble(fold -> fold[i]).sum() / counted.size())
                  .toArray();
      int best = (spec.c().size() - 1) / 2;
      for (int i = 0; i < tried.length; i++) {
        best = i == 0 || tried[i] > tried[best] ? i : best;
      }
      double c = spec.c().get(best);
      int[] all = IntStream.range(0, train.size()).toArray();
      return Optional.of(new Found(c, tried, LinearSvm.fit(rows, all, positive, c)));
    }
  }

  /** Which of some images show a class. */
  static boolean[] positives(FeatureSet set, int[] chosen, int classIndex) {
    boolean[] positive = new boolean[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      positive[i] = set.space().shows(set.labels()[chosen[i]], classIndex);
    }
    return positive;
  }

  private static boolean[] select(boolean[] from, int[] indices) {
    boolean[] chosen = new boolean[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = from[indices[i]];
    }
    return chosen;
  }

  /** Whether there are examples and counterexamples. */
  static boolean both(boolean[] positive) {
    int count = 0;
    for (boolean is : positive) {
      count += is ? 1 : 0;
    }
    return count > 0 && count < positive.length;
  }
}
