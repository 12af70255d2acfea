package simsiam.eval.knn;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import simsiam.eval.Verdict;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.features.HeldOut;
import simsiam.model.engine.LinearAlgebra;

/**
 * kNN accuracy by metric, k and T on a fifth of the train split, with the rest of it as the bank;
 * and the best of these on the test split with all of it. The neighbours of an image are found once
 * for all k and T.
 */
public final class KnnGrid {
  private static final double SHARE = 0.2;

  private final KnnSpec spec;
  private final LinearAlgebra algebra;

  public KnnGrid(KnnSpec spec, LinearAlgebra algebra) {
    this.spec = spec;
    this.algebra = algebra;
  }

  /**
   * One choice.
   *
   * @param heldOutTop1 on the held-out train images, in percent
   */
  public record Cell(Metric metric, int k, double temperature, double heldOutTop1) {}

  /**
   * What was found.
   *
   * @param cells by metric, then k, then T, each rising
   * @param best the first of those with the highest accuracy
   * @param heldOut images it was chosen on
   * @param testTop1 of the best on the test split, in percent
   */
  public record Result(List<Cell> cells, Cell best, int heldOut, double testTop1) {
    public Result {
      cells = List.copyOf(cells);
    }
  }

  /** Empty if the spec has no grid, or if no class has images to hold out and to search. */
  public Optional<Result> run(FeatureSet train, FeatureSet test) {
    FeatureSet labelled = train.labelled();
    HeldOut heldOut = HeldOut.of(labelled.labels(), labelled.classNames().size(), SHARE);
    int bank = labelled.size() - heldOut.count();
    List<Integer> ks = spec.gridK().stream().filter(k -> k <= bank).sorted().distinct().toList();
    if (heldOut.count() == 0 || ks.isEmpty() || spec.gridTemperature().isEmpty()) {
      return Optional.empty();
    }
    List<Cell> cells = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      cells.addAll(cells(metric, labelled, heldOut, ks));
    }
    Cell best =
        cells.stream()
            .min(Comparator.comparingDouble((Cell cell) -> -cell.heldOutTop1()))
            .orElseThrow();
    double top1 =
        new KnnClassifier(
                new KnnSpec(best.k(), best.temperature()), best.metric(), algebra, labelled)
            .evaluate(test)
            .report()
            .top1();
    return Optional.of(new Result(cells, best, heldOut.count(), top1));
  }

  private List<Cell> cells(Metric metric, FeatureSet set, HeldOut heldOut, List<Integer> ks) {
    List<Double> temperatures = spec.gridTemperature().stream().sorted().distinct().toList();
    AtomicIntegerArray right = new AtomicIntegerArray(ks.size() * temperatures.size());
    int[] queries = IntStream.range(0, set.size()).filter(heldOut::has).toArray();
    new NeighbourSearch(algebra, set, metric, Optional.of(heldOut))
        .forEach(
            set,
            queries,
            ks.get(ks.size() - 1),
            (query, neighbours) -> {
              for (int t = 0; t < temperatures.size(); t++) {
                Votes votes = new Votes(set.classNames().size(), temperatures.get(t));
                int counted = 0;
                for (int i = 0; i < ks.size(); i++) {
                  votes.add(neighbours, counted, ks.get(i), set.labels());
                  counted = ks.get(i);
                  Verdict verdict = Verdict.of(set.labels()[query], votes.byClass());
                  if (verdict.predicted() == verdict.truth()) {
                    right.incrementAndGet(i * temperatures.size() + t);
                  }
                }
              }
            });
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < right.length(); i++) {
      cells.add(
          new Cell(
              metric,
              ks.get(i / temperatures.size()),
              temperatures.get(i % temperatures.size()),
              100.0 * right.get(i) / queries.length));
    }
    return cells;
  }
}
