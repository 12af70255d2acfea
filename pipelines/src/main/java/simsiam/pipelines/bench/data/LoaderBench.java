package simsiam.pipelines.bench.data;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.model.bench.LoaderBenchmark;
import simsiam.model.bench.LoaderBenchmark.Rate;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.load.ImageSet;
import simsiam.model.load.InMemoryImages;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.bench.measure.Rounds;
import simsiam.pipelines.config.RunConfig;

/**
 * The making of views, with one thread up to as many as there are cores.
 *
 * @param time of each figure
 */
public record LoaderBench(Duration time, int cores) implements Benchmark {
  private static final int ROUNDS = 5;
  private static final int VIEWS = 2;
  private static final int PIXELS = 1 << 21;

  public static LoaderBench standard() {
    return new LoaderBench(Duration.ofSeconds(2), Runtime.getRuntime().availableProcessors());
  }

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    int side = Math.max(config.augment().cropSize(), config.preprocess().resizeShorterSide());
    int count = Math.max(16, PIXELS / (side * side));
    boolean jpeg = config.preprocess().encoding() != ImageEncoding.RAW;
    ImageSet images = new SyntheticImages(count, side);
    LoaderBenchmark benchmark =
        new LoaderBenchmark(jpeg ? jpegs(images) : images, config.augment());
    List<List<Figure>> rows = new ArrayList<>();
    for (int threads : threads()) {
      rows.add(row(benchmark.measure(threads, time)));
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Views of %d x %d pixels from %,d made-up %s of %d x %d",
            config.augment().cropSize(),
            config.augment().cropSize(),
            count,
            jpeg ? "JPEGs" : "images",
            side,
            side),
        rows,
        notes(config, images, benchmark, jpeg));
  }

  private List<String> notes(
      RunConfig config, ImageSet images, LoaderBenchmark benchmark, boolean jpeg)
      throws IOException {
    List<String> notes = new ArrayList<>();
    notes.add("Views per core and second go by processor time: other load does not lower them.");
    Optional<String> python = PythonPeer.python();
    if (python.isEmpty()) {
      notes.add(
          "For torchvision beside it: %s=a Python with torch, torchvision and Pillow"
              .formatted(PythonPeer.VARIABLE));
      return notes;
    }
    Rounds rounds =
        new ViewsComparison(jpeg, time, ROUNDS)
            .run(python.get(), images, benchmark, config.augment());
    for (String name : rounds.names()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "%s: %,.0f views/s of a core, median of %d turns%s",
              name,
              rounds.median(name),
              ROUNDS,
              name.equals(ViewsComparison.OURS)
                  ? ""
                  : String.format(
                      Locale.ROOT,
                      "; ours is %.2f times as fast",
                      rounds.ratio(ViewsComparison.OURS, name))));
    }
    return notes;
  }

  /** The images as JPEG files in memory, decoded whenever one is asked for. */
  private static ImageSet jpegs(ImageSet images) {
    List<ImageExample> examples = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      RgbImage image = images.image(i);
      byte[] file = ImageEncoder.jpeg(image);
      examples.add(new ImageExample(images.id(i), -1, image.height(), image.width(), file));
    }
    return new InMemoryImages(examples, ImageEncoding.JPEG, 0);
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
