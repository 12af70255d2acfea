package simsiam.eval.svm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.fewshot.LabelledDraw;
import simsiam.model.engine.LinearAlgebra;

/** Fits SVMs to k images of each class, for each k. */
record LowShotCurve(
    SvmSpec spec,
    UnitRows rows,
    FeatureSet train,
    TestRows test,
    LinearAlgebra algebra,
    long seed) {

  /** A result for each k of which every class that has any images has as many. */
  List<LowShot> run(Runnable listener) {
    List<LabelledDraw> draws = new ArrayList<>();
    for (int draw = 0; draw < (spec.lowShot().isEmpty() ? 0 : spec.samples()); draw++) {
      draws.add(new LabelledDraw(train, seed, draw));
    }
    int least = draws.isEmpty() ? 0 : draws.get(0).smallest();
    List<LowShot> results = new ArrayList<>();
    for (int k : spec.lowShot()) {
      List<List<Scored>> byDraw = new ArrayList<>();
      for (LabelledDraw draw : draws) {
        if (k <= least) {
          byDraw.add(fit(draw, k));
        }
        listener.run();
      }
      if (!byDraw.isEmpty()) {
        results.add(best(k, byDraw));
      }
    }
    return results;
  }

  /**
   * How the SVMs of all classes do.
   *
   * @param averagePrecision mean over the classes, in percent
   * @param top1 in percent; 0 where images may show several classes
   */
  private record Scored(double averagePrecision, double top1) {}

  /** For each C. */
  private List<Scored> fit(LabelledDraw draw, int k) {
    int classes = train.classNames().size();
    List<Optional<List<LinearSvm>>> paths =
        IntStream.range(0, classes)
            .parallel()
            .mapToObj(classIndex -> path(draw.against(classIndex, k), classIndex))
            .toList();
    List<Scored> scored = new ArrayList<>();
    for (int cost = 0; cost < spec.c().size(); cost++) {
      int at = cost;
      double[][] scores =
          test.scores(paths.stream().map(path -> path.map(svms -> svms.get(at))).toList(), algebra);
      double precision =
          IntStream.range(0, classes)
              .parallel()
              .mapToObj(classIndex -> test.averagePrecision(classIndex, scores[classIndex]))
              .toList()
              .stream()
              .flatMapToDouble(OptionalDouble::stream)
              .average()
              .orElse(0);
      scored.add(
          new Scored(precision, train.space().multiLabel() ? 0 : test.report(scores).top1()));
    }
    return scored;
  }

  /** One for each C; empty for a class without an example. */
  private Optional<List<LinearSvm>> path(int[] chosen, int classIndex) {
    boolean[] positive = SvmClassifier.positives(train, chosen, classIndex);
    return SvmClassifier.both(positive)
        ? Optional.of(LinearSvm.path(rows, chosen, positive, spec.c()))
        : Optional.empty();
  }

  private LowShot best(int k, List<List<Scored>> byDraw) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < spec.c().size(); i++) {
      int at = i;
      double mean =
          byDraw.stream()
              .mapToDouble(scored -> scored.get(at).averagePrecision())
              .average()
              .orElseThrow();
      if (mean > most) {
        best = i;
        most = mean;
      }
    }
    int chosen = best;
    return new LowShot(
        k,
        spec.c().get(best),
        byDraw.stream().map(scored -> scored.get(chosen).averagePrecision()).toList(),
        train.space().multiLabel()
            ? List.of()
            : byDraw.stream().map(scored -> scored.get(chosen).top1()).toList());
  }
}
