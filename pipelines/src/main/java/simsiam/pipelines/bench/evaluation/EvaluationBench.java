package simsiam.pipelines.bench.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeResult;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.bench.ResidentMemory;
import simsiam.model.engine.Engine;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stages.evaluate.EvaluationEngine;

/**
 * kNN and the converged probe on made-up features of growing train splits: time, and memory beyond
 * that of the features themselves. Features are shifted by their class, in a tenth of the channels.
 *
 * @param sizes images of the train split, rising
 * @param dim channels
 * @param queries images of the test split
 */
public record EvaluationBench(List<Integer> sizes, int dim, int queries) implements Benchmark {
  private static final int CLASSES = 10;
  private static final double MEBI = 1 << 20;

  /** Of ResNet-50. */
  public static EvaluationBench standard() {
    return new EvaluationBench(List.of(50_000, 100_000, 200_000), 2048, 2000);
  }

  @Override
  public BenchResult run(RunConfig config) {
    Engine engine = EvaluationEngine.of(config);
    FeatureSet test = features(queries, 2);
    KnnSpec knn = new KnnSpec(config.knn().k(), config.knn().temperature());
    List<List<Figure>> rows = new ArrayList<>();
    for (int size : sizes) {
      FeatureSet train = features(size, 1);
      Watched voted =
          watch(
              () -> {
                KnnClassifier classifier = new KnnClassifier(knn, engine.linearAlgebra(), train);
                return classifier.evaluate(test).report().top1();
              });
      int[] iterations = new int[1];
      Watched fitted = watch(() -> probe(config.probe(), engine, train, test, iterations));
      List<Figure> row = new ArrayList<>();
      row.add(Figure.count("images", "images", size));
      row.add(
          Figure.measured(
              "features MiB", "features_mebibytes", Float.BYTES * (double) size * dim / MEBI));
      row.addAll(voted.figures("kNN", "knn"));
      row.addAll(fitted.figures("probe", "probe"));
      row.add(Figure.count("probe iterations", "probe_iterations", iterations[0]));
      rows.add(row);
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "kNN (k = %d) and converged probe (%d values of C): %,d test images, %,d features",
            knn.k(),
            config.probe().c().size(),
            queries,
            dim),
        rows,
        List.of(engine.name() + ": " + engine.describe()));
  }

  private static double probe(
      ProbeSpec spec, Engine engine, FeatureSet train, FeatureSet test, int[] iterations) {
    ProbeResult result =
        new LogisticProbe(spec, engine.linearAlgebra())
            .run(train, test, fit -> iterations[0] += fit.iterations());
    return result.report().top1();
  }

  private interface Evaluation {
    double top1();
  }

  /**
   * One evaluation.
   *
   * @param processor seconds of all threads, which other work on the machine changes little
   * @param growth bytes by which the process's memory rose at most; 0 where the system does not
   *     tell
   */
  private record Watched(double top1, double seconds, double processor, long growth) {
    List<Figure> figures(String title, String name) {
      return List.of(
          Figure.measured(title + " top-1 %", name + "_top1", top1),
          Figure.measured(title + " s", name + "_seconds", seconds),
          Figure.measured(title + " CPU s", name + "_processor_seconds", processor),
          Figure.measured(title + " + MiB", name + "_growth_mebibytes", growth / MEBI));
    }
  }

  private static Watched watch(Evaluation evaluation) {
    System.gc();
    ResidentMemory memory = ResidentMemory.start();
    long start = System.nanoTime();
    long processor = processor();
    double top1 = evaluation.top1();
    return new Watched(
        top1,
        (System.nanoTime() - start) / 1e9,
        (processor() - processor) / 1e9,
        memory.peakGrowth().orElse(0));
  }

  /** Nanoseconds of this process on all cores. */
  private static long processor() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private FeatureSet features(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FeatureMatrix features = new FeatureMatrix(count, dim);
    int[] labels = random.ints(count, 0, CLASSES).toArray();
    float[] row = new float[dim];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < dim; j++) {
        double shift = j % CLASSES == labels[i] ? 0.5 : 0;
        row[j] = (float) (random.nextDouble() + random.nextDouble() + shift);
      }
      features.set(i, row, 0);
    }
    List<String> ids = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    List<String> names = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    return new FeatureSet(features, labels, ids, names);
  }
}
