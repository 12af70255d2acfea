package simsiam.eval.fewshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import simsiam.eval.JavaLinearAlgebra;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.fewshot.FewShotResult.Point;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeResult;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.model.engine.LinearAlgebra;

/**
 * Few-shot curve: probe and kNN that know the labels of some train images alone, against the whole
 * test split, for several draws of them ({@link LabelledDraw}). Nothing but the drawn images is
 * used, for standardising either.
 *
 * <p>The probe's C: where each class has at least {@link #CHOOSING} drawn images it is chosen on a
 * held-out part of them, as by {@link LogisticProbe}. With fewer there is too little to choose by
 * (on the quickstart's features, cross-validation over two images a class lost 7 points to no
 * choice), and so it is fixed. kNN votes with as many neighbours as a class has drawn images, at
 * most {@code knn.k}: no query can have more right ones.
 */
public final class FewShot {
  /** Drawn images a class from which on C is chosen. */
  static final int CHOOSING = 20;

  /** Multiply-adds of one product with the weights up to which no engine is asked. */
  private static final long FEW = 1L << 24;

  /** So small a share that no image is held out. */
  private static final double NONE_HELD_OUT = 1e-9;

  private final FewShotSpec spec;
  private final ProbeSpec probe;
  private final KnnSpec knn;
  private final LinearAlgebra algebra;
  private final long seed;

  /**
   * A curve.
   *
   * @param probe whose grid, tolerance and held-out share are used
   * @param knn whose temperature and largest k are used
   */
  public FewShot(FewShotSpec spec, ProbeSpec probe, KnnSpec knn, LinearAlgebra algebra, long seed) {
    this.spec = spec;
    this.probe = probe;
    this.knn = knn;
    this.algebra = algebra;
    this.seed = seed;
  }

  /** Times that the listener of a run is told. */
  public static int steps(FewShotSpec spec) {
    return spec.draws() * (spec.shots().size() + spec.fractions().size());
  }

  /**
   * Measures every point in every draw.
   *
   * @param listener told after each
   * @throws InvalidConfigException if more images a class are asked for than any class has
   */
  public FewShotResult run(FeatureSet train, FeatureSet test, Runnable listener) {
    train.requireComparable(test);
    List<LabelledDraw> draws = new ArrayList<>();
    for (int draw = 0; draw < spec.draws(); draw++) {
      draws.add(new LabelledDraw(train, seed, draw));
    }
    int largest = draws.get(0).largest();
    if (spec.shots().stream().anyMatch(shots -> shots > largest)) {
      throw new InvalidConfigException(
          List.of(
              new Violation(
                  "few_shot.shots",
                  spec.shots().toString(),
                  "at most %s, the training images of the largest class".formatted(largest))));
    }
    List<Point> points = new ArrayList<>();
    for (int shots : spec.shots()) {
      List<int[]> chosen = draws.stream().map(draw -> draw.shots(shots)).toList();
      points.add(point(shots, 0, chosen, train, test, listener));
    }
    for (double fraction : spec.fractions()) {
      List<int[]> chosen = draws.stream().map(draw -> draw.fraction(fraction)).toList();
      points.add(point(0, fraction, chosen, train, test, listener));
    }
    return new FewShotResult(spec, seed, points);
  }

  private Point point(
      int shots,
      double fraction,
      List<int[]> draws,
      FeatureSet train,
      FeatureSet test,
      Runnable listener) {
    int[] first = draws.get(0);
    int[] counts = new int[train.classNames().size()];
    for (int index : first) {
      counts[train.labels()[index]]++;
    }
    int[] present = Arrays.stream(counts).filter(count -> count > 0).toArray();
    boolean choosing = Arrays.stream(present).min().orElseThrow() >= CHOOSING;
    ProbeSpec solved =
        choosing
            ? probe
            : new ProbeSpec(
                List.of(spec.c()), NONE_HELD_OUT, probe.tolerance(), probe.maxIterations());
    int k = Math.min(knn.k(), Arrays.stream(present).max().orElseThrow());
    List<Double> c = new ArrayList<>();
    List<Double> probed = new ArrayList<>();
    List<Double> voted = new ArrayList<>();
    boolean converged = true;
    for (int[] draw : draws) {
      FeatureSet labelled = train.select(draw);
      ProbeResult result = probe(solved, labelled).run(labelled, test, fit -> {});
      c.add(result.fit().c());
      converged &= result.fit().converged();
      probed.add(result.report().top1());
      KnnSpec votes = new KnnSpec(k, knn.temperature());
      voted.add(new KnnClassifier(votes, algebra, labelled).evaluate(test).report().top1());
      listener.run();
    }
    double perClass = (double) first.length / present.length;
    return new Point(
        shots, fraction, first.length, perClass, k, c, choosing, converged, probed, voted);
  }

  private LogisticProbe probe(ProbeSpec solved, FeatureSet labelled) {
    long work = (long) labelled.size() * labelled.dim() * labelled.classNames().size();
    return work <= FEW
        ? new LogisticProbe(solved, new JavaLinearAlgebra())
        : new LogisticProbe(solved, algebra);
  }
}
