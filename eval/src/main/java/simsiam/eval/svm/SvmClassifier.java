package simsiam.eval.svm;

import de.bwaldvogel.liblinear.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.svm.SvmResult.ClassSvm;

/**
 * The VOC07 protocols (Goyal et al. 2019) on cached features: for each class an SVM against all
 * others, its C chosen by 3-fold cross-validation on average precision within the train split (of
 * equals the smaller), fitted to the whole of it and scored on the test split; and the low-shot
 * form of it, see {@link LowShot}. The same inputs and seed give the same result on any number of
 * threads.
 */
public final class SvmClassifier {
  private static final int FOLDS = 3;

  private final SvmSpec spec;
  private final long seed;

  /**
   * @param seed of the draws of low-shot images
   */
  public SvmClassifier(SvmSpec spec, long seed) {
    this.spec = spec;
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
    if (fitted.size() == 0) {
      throw new IllegalArgumentException(
          "Cannot fit SVMs: expected labelled images, got none of " + train.size());
    }
    UnitRows rows = new UnitRows(fitted.features());
    TestRows tested = new TestRows(test.labelled(), test.unlabelled());
    Feature[][] nodes = rows.nodes();
    Job job = new Job(spec, rows, nodes, fitted.labels(), tested);
    int classes = train.classNames().size();
    List<Optional<Found>> found =
        IntStream.range(0, classes)
            .parallel()
            .mapToObj(
                label -> {
                  Optional<Found> one = job.fit(label);
                  listener.run();
                  return one;
                })
            .toList();
    double[][] scores = new double[classes][];
    List<ClassSvm> scored = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      if (found.get(label).isPresent()) {
        Found one = found.get(label).get();
        scores[label] = one.scores();
        String name = train.classNames().get(label);
        tested
            .averagePrecision(label, one.scores())
            .ifPresent(percent -> scored.add(new ClassSvm(name, one.c(), percent)));
      }
    }
    return new SvmResult(
        spec,
        tested.report(scores),
        scored,
        tried(found),
        fitted.size(),
        train.unlabelled(),
        new LowShotDraws(spec, nodes, fitted, tested, seed).run(listener));
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
   * @param scores decision values of the test images
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Found(double c, double[] tried, double[] scores) {}

  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Job(
      SvmSpec spec, UnitRows rows, Feature[][] nodes, int[] labels, TestRows tested) {

    /** Empty for a class without an image, or without any other's. */
    Optional<Found> fit(int label) {
      boolean[] positive = positives(labels, label);
      int count = (int) IntStream.range(0, labels.length).filter(i -> positive[i]).count();
      if (count == 0 || count == labels.length) {
        return Optional.empty();
      }
      double[] tried = crossValidate(positive);
      int best = (spec.c().size() - 1) / 2;
      for (int i = 0; i < tried.length; i++) {
        best = i == 0 || tried[i] > tried[best] ? i : best;
      }
      double c = spec.c().get(best);
      LinearSvm svm = LinearSvm.fit(nodes, positive, c);
      return Optional.of(new Found(c, tried, tested.rows().decisions(svm)));
    }

    /** In percent for each C; folds without an image of the class on either side do not count. */
    private double[] crossValidate(boolean[] positive) {
      int[] folds = StratifiedFolds.of(positive, FOLDS);
      double[] sums = new double[spec.c().size()];
      int counted = 0;
      for (int fold = 0; fold < FOLDS; fold++) {
        int held = fold;
        int[] in = IntStream.range(0, folds.length).filter(i -> folds[i] != held).toArray();
        int[] out = IntStream.range(0, folds.length).filter(i -> folds[i] == held).toArray();
        boolean[] fitted = select(positive, in);
        boolean[] heldOut = select(positive, out);
        if (!any(fitted) || !any(heldOut)) {
          continue;
        }
        counted++;
        Feature[][] part = Arrays.stream(in).mapToObj(i -> nodes[i]).toArray(Feature[][]::new);
        for (int i = 0; i < sums.length; i++) {
          LinearSvm svm = LinearSvm.fit(part, fitted, spec.c().get(i));
          double[] scores = Arrays.stream(out).mapToDouble(r -> rows.decision(svm, r)).toArray();
          sums[i] += 100 * AveragePrecision.steps(scores, heldOut);
        }
      }
      double folded = counted;
      return counted == 0 ? new double[0] : Arrays.stream(sums).map(sum -> sum / folded).toArray();
    }
  }

  static boolean[] positives(int[] labels, int label) {
    boolean[] positive = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      positive[i] = labels[i] == label;
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

  private static boolean any(boolean[] values) {
    for (boolean value : values) {
      if (value) {
        return true;
      }
    }
    return false;
  }
}
