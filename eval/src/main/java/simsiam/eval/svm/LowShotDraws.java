package simsiam.eval.svm;

import de.bwaldvogel.liblinear.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;

/**
 * Fits SVMs to k images of each class. A draw puts the images of each class into a random order, of
 * which its k first are taken, so that the images of a smaller k are among those of a larger.
 */
final class LowShotDraws {
  private final SvmSpec spec;
  private final Feature[][] nodes;
  private final FeatureSet train;
  private final TestRows test;
  private final int classes;

  /** Of each draw and each class that has any, its images' rows in that draw's order. */
  private final List<List<int[]>> draws = new ArrayList<>();

  /** Images of the smallest class that has any; 0 where there is none beside it. */
  private final int least;

  LowShotDraws(SvmSpec spec, Feature[][] nodes, FeatureSet train, TestRows test, long seed) {
    this.spec = spec;
    this.nodes = nodes;
    this.train = train;
    this.test = test;
    this.classes = train.classNames().size();
    List<int[]> members =
        IntStream.range(0, classes)
            .mapToObj(
                label ->
                    IntStream.range(0, train.size())
                        .filter(i -> train.labels()[i] == label)
                        .toArray())
            .toList();
    int[] counts = members.stream().mapToInt(rows -> rows.length).filter(n -> n > 0).toArray();
    least = counts.length < 2 ? 0 : Arrays.stream(counts).min().orElseThrow();
    for (int draw = 0; draw < (spec.lowShot().isEmpty() ? 0 : spec.samples()); draw++) {
      Random random = new Random(seed + draw);
      draws.add(members.stream().map(rows -> shuffled(rows, random)).toList());
    }
  }

  /** Fisher-Yates. */
  private static int[] shuffled(int[] rows, Random random) {
    int[] order = rows.clone();
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** A result for each k of which every class has as many images. */
  List<LowShot> run(Runnable listener) {
    List<LowShot> results = new ArrayList<>();
    for (int k : spec.lowShot()) {
      if (k > least) {
        draws.forEach(draw -> listener.run());
        continue;
      }
      List<List<Scored>> byDraw = new ArrayList<>();
      for (List<int[]> draw : draws) {
        byDraw.add(fit(draw, k));
        listener.run();
      }
      results.add(best(k, byDraw));
    }
    return results;
  }

  /**
   * How the SVMs of all classes do.
   *
   * @param averagePrecision mean over the classes, in percent
   * @param top1 in percent
   */
  private record Scored(double averagePrecision, double top1) {}

  /** For each C. */
  private List<Scored> fit(List<int[]> draw, int k) {
    int[] chosen = draw.stream().flatMapToInt(rows -> Arrays.stream(rows).limit(k)).toArray();
    int[] labels = Arrays.stream(chosen).map(i -> train.labels()[i]).toArray();
    Feature[][] part = Arrays.stream(chosen).mapToObj(i -> nodes[i]).toArray(Feature[][]::new);
    List<Scored> scored = new ArrayList<>();
    for (double c : spec.c()) {
      double[][] scores =
          IntStream.range(0, classes)
              .parallel()
              .mapToObj(
                  label ->
                      draw.get(label).length == 0
                          ? null
                          : test.rows()
                              .decisions(
                                  LinearSvm.fit(part, SvmClassifier.positives(labels, label), c)))
              .toArray(double[][]::new);
      double precision =
          IntStream.range(0, classes)
              .filter(label -> scores[label] != null)
              .mapToObj(label -> test.averagePrecision(label, scores[label]))
              .flatMapToDouble(OptionalDouble::stream)
              .average()
              .orElse(0);
      scored.add(new Scored(precision, test.report(scores).top1()));
    }
    return scored;
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
        byDraw.stream().map(scored -> scored.get(chosen).top1()).toList());
  }
}
