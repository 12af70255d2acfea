package simsiam.pipelines.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.model.load.LoaderBenchmark;
import simsiam.model.load.LoaderBenchmark.Rate;
import simsiam.model.load.SyntheticImages;
import simsiam.pipelines.config.RunConfig;

/**
 * The making of views, with one thread up to as many as there are cores.
 *
 * @param time of each figure
 */
record LoaderBench(Duration time, int cores) implements Benchmark {
  private static final int VIEWS = 2;
  private static final int PIXELS = 1 << 21;

  static LoaderBench standard() {
    return new LoaderBench(Duration.ofSeconds(2), Runtime.getRuntime().availableProcessors());
  }

  @Override
  public BenchResult run(RunConfig config) {
    int side = Math.max(config.augment().cropSize(), config.preprocess().resizeShorterSide());
    int count = Math.max(16, PIXELS / (side * side));
    LoaderBenchmark benchmark =
        new LoaderBenchmark(new SyntheticImages(count, side), config.augment());
    List<List<Figure>> rows = new ArrayList<>();
    for (int threads : threads()) {
      rows.add(row(benchmark.measure(threads, time)));
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Views of %d x %d pixels from %,d made-up images of %d x %d",
            config.augment().cropSize(),
            config.augment().cropSize(),
            count,
            side,
            side),
        rows,
        List.of("Views per core and second go by processor time: other load does not lower them."));
  }

  /** 1, 2, 4 and so on, and the number of cores. */
  private List<Integer> threads() {
    List<Integer> threads = new ArrayList<>();
    for (int n = 1; n < cores; n *= 2) {
      threads.add(n);
    }
    threads.add(cores);
    return threads;
  }

  private static List<Figure> row(Rate rate) {
    return List.of(
        Figure.count("threads", "threads", rate.threads()),
        Figure.measured("views/s", "views_per_second", rate.viewsPerSecond()),
        Figure.measured("images/s", "images_per_second", rate.viewsPerSecond() / VIEWS),
        Figure.measured("views/s of a core", "views_per_core_second", rate.viewsPerCoreSecond()));
  }
}
