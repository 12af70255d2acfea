package simsiam.pipelines.bench.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.model.engine.Engine;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stages.evaluate.EvaluationEngine;

/**
 * kNN classification of made-up features, as many as CIFAR-10 has unless told otherwise.
 *
 * @param repeats of which the median counts
 */
public record KnnBench(int queries, int bank, int repeats) implements Benchmark {
  private static final int CLASSES = 10;

  public static KnnBench standard() {
    return new KnnBench(10_000, 50_000, 5);
  }

  @Override
  public BenchResult run(RunConfig config) {
    Engine engine = EvaluationEngine.of(config);
    int dim = config.encoder().featureDim();
    FeatureSet split = features(queries, dim, 1);
    KnnSpec spec = new KnnSpec(Math.min(config.knn().k(), bank), config.knn().temperature());
    KnnClassifier classifier =
        new KnnClassifier(spec, engine.linearAlgebra(), features(bank, dim, 2));
    classifier.evaluate(split.select(IntStream.range(0, Math.max(1, queries / 10)).toArray()));
    double seconds = median(classifier, split);
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "kNN, k = %d: %,d queries in a bank of %,d, %d features; median of %d",
            spec.k(),
            queries,
            bank,
            dim,
            repeats),
        List.of(row(engine.name(), seconds, 2.0 * queries * bank * dim)),
        List.of(engine.name() + ": " + engine.describe()));
  }

  private double median(KnnClassifier classifier, FeatureSet split) {
    double[] seconds = new double[repeats];
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      classifier.evaluate(split);
      seconds[i] = (System.nanoTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[repeats / 2];
  }

  private List<Figure> row(String engine, double seconds, double flops) {
    return List.of(
        Figure.words("engine", "engine", engine),
        Figure.measured("queries/s", "queries_per_second", queries / seconds),
        Figure.measured("s", "median_seconds", seconds),
        Figure.measured("GFLOP/s", "gigaflops_per_second", flops / seconds / 1e9));
  }

  private static FeatureSet features(int count, int dim, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[Math.multiplyExact(count, dim)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    int[] labels = random.ints(count, 0, CLASSES).toArray();
    List<String> ids = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    List<String> names = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    return new FeatureSet(dim, values, labels, ids, names);
  }
}
