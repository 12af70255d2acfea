package simsiam.pipelines.stages.pretrain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import simsiam.eval.EvalReport;
import simsiam.eval.embed.Embedding;
import simsiam.eval.embed.Spectrum;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.monitor.Hypersphere;
import simsiam.eval.monitor.SpectralMeasures;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSubset;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.EpochEvaluator;
import simsiam.model.train.spec.Monitor;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stage.StageTracking;

/**
 * What is measured of a network in training: kNN accuracy, with the train split, un-augmented, as
 * its bank, and the {@link Monitor}s. All but the alignment, which is of views, are of the features
 * that kNN needs anyway: the backbone's in eval mode. Without state and without a random generator
 * of its own, so that a training is the same with and without it, and a resumed one measures the
 * same. Where images have no labels, or several, what needs none is measured of training images.
 */
final class TrainingMonitor implements EpochEvaluator {
  /** Starts the names of figures that make up the spectrum; its rank follows. */
  static final String SINGULAR_VALUE = "singular_value_";

  private static final int EMBEDDED = 1000;

  /** Images whose spectrum is taken, as in the features stage. */
  private static final int SPECTRUM = 5000;

  /** Images whose pairs tell the uniformity: two million. */
  private static final int PAIRED = 2000;

  /** Images with two views each, and how many are encoded at once. */
  private static final int ALIGNED = 512;

  private static final int VIEWS_BATCH = 128;

  /** Training images that the probe is fitted to at most, and how nearly it is solved. */
  private static final int FITTED = 50_000;

  private static final double PROBE_TOLERANCE = 1e-3;

  private final RunConfig config;
  private final LinearAlgebra algebra;
  private final Encoding encoding;
  private final ImageSet train;
  private final Optional<ImageSet> test;
  private Optional<Pictured> latest = Optional.empty();

  private record Features(FeatureSet bank, FeatureSet queries) {}

  @SuppressWarnings("ArrayRecordComponent") // carried, not compared
  private record Pictured(Optional<Features> features, double[] spectrum) {}

  /**
   * @param test of a set whose images have one class each; empty of any other
   */
  TrainingMonitor(
      RunConfig config,
      LinearAlgebra algebra,
      Encoding encoding,
      ImageSet train,
      Optional<ImageSet> test) {
    this.config = config;
    this.algebra = algebra;
    this.encoding = encoding;
    this.train = train;
    this.test = test;
  }

  @Override
  public Map<String, Double> evaluate(TrainingNet net) {
    Map<String, Double> figures = new LinkedHashMap<>();
    Optional<Features> features = test.map(images -> features(net, images));
    features.ifPresent(of -> accuracy(of, figures));
    ImageSet measured = test.orElse(train);
    FeatureSet sample =
        features
            .map(of -> first(of.queries(), SPECTRUM))
            .orElseGet(() -> encoding.features(net, first(measured, SPECTRUM), done -> {}));
    double[] spectrum = spectral(sample, figures);
    if (has(Monitor.ALIGNMENT)) {
      figures.put("alignment", alignment(net, measured));
    }
    if (has(Monitor.UNIFORMITY) && sample.size() > 1) {
      FeatureSet paired = first(sample, PAIRED);
      float[] values = paired.features().copy(0, paired.size());
      figures.put("uniformity", Hypersphere.uniformity(algebra, values, paired.dim()));
    }
    latest = Optional.of(new Pictured(features, spectrum));
    return figures;
  }

  private boolean has(Monitor monitor) {
    return config.train().monitors().contains(monitor);
  }

  private Features features(TrainingNet net, ImageSet images) {
    return new Features(
        encoding.features(net, train, done -> {}), encoding.features(net, images, done -> {}));
  }

  /** What needs labels. */
  private void accuracy(Features features, Map<String, Double> figures) {
    KnnSpec knn = config.knn();
    EvalReport voted =
        new KnnClassifier(knn, algebra, features.bank()).evaluate(features.queries()).report();
    figures.put("knn_top1", voted.top1());
    figures.put("knn_top5", voted.top5());
    if (has(Monitor.ONLINE_PROBE)) {
      ProbeSpec probe = config.probe();
      ProbeSpec quick =
          new ProbeSpec(
              probe.c(),
              probe.heldOut(),
              Math.max(PROBE_TOLERANCE, probe.tolerance()),
              probe.maxIterations());
      FeatureSet fitted = first(features.bank().labelled(), FITTED);
      EvalReport fit =
          new LogisticProbe(quick, algebra).run(fitted, features.queries(), done -> {}).report();
      figures.put("online_probe_top1", fit.top1());
    }
  }

  /** Returns the covariance's singular values, if anything of them was asked for. */
  private double[] spectral(FeatureSet sample, Map<String, Double> figures) {
    float[] values = sample.features().copy(0, sample.size());
    if (has(Monitor.RANK_ME)) {
      double[] squares = Spectrum.uncentred(values, sample.dim()).values();
      double[] singular = new double[squares.length];
      for (int i = 0; i < squares.length; i++) {
        singular[i] = Math.sqrt(squares[i]);
      }
      int count = Math.min(sample.size(), sample.dim());
      put("rank_me", SpectralMeasures.rankMe(singular, count), figures);
    }
    if (!has(Monitor.EFFECTIVE_RANK) && !has(Monitor.ALPHA_REQ) && !has(Monitor.SPECTRUM)) {
      return new double[0];
    }
    double[] variances = Spectrum.of(values, sample.dim()).values();
    if (has(Monitor.EFFECTIVE_RANK)) {
      put("effective_rank", SpectralMeasures.effectiveRank(variances), figures);
    }
    if (has(Monitor.ALPHA_REQ)) {
      put("alpha_req", SpectralMeasures.alphaReq(variances), figures);
    }
    if (!has(Monitor.SPECTRUM)) {
      return new double[0];
    }
    for (int rank = 1; rank <= variances.length; rank = Math.max(rank + 1, rank * 5 / 4)) {
      figures.put(SINGULAR_VALUE + rank, variances[rank - 1]);
    }
    return variances;
  }

  private static void put(String name, OptionalDouble value, Map<String, Double> figures) {
    value.ifPresent(figure -> figures.put(name, figure));
  }

  /** Of the same views of the same images each time. */
  private double alignment(TrainingNet net, ImageSet images) {
    ImageSet aligned = first(images, ALIGNED);
    int batchSize = Math.min(VIEWS_BATCH, aligned.size());
    int dim = net.featureDim();
    float[] features = new float[Math.multiplyExact(2 * batchSize, dim)];
    double sum = 0;
    int batches = 0;
    int threads = Runtime.getRuntime().availableProcessors();
    try (ViewLoader views =
        new ViewLoader(
            aligned,
            encoding.augment(),
            new Normalization(encoding.augment().mean(), encoding.augment().std()),
            new LoaderSpec(2, batchSize, config.seed(), threads),
            1,
            0)) {
      while (views.hasNext()) {
        try (ImageBatch batch = views.next()) {
          net.encode(batch.pixels(), 2 * batchSize, encoding.augment().cropSize(), features);
          sum += Hypersphere.alignment(features, batchSize, dim);
          batches++;
        }
      }
    }
    return sum / batches;
  }

  private static FeatureSet first(FeatureSet set, int most) {
    return set.size() <= most ? set : set.select(IntStream.range(0, most).toArray());
  }

  /** The first images of a set, whose order is that of hashes. */
  private static ImageSet first(ImageSet images, int most) {
    return images.size() <= most
        ? images
        : new ImageSubset(images, IntStream.range(0, most).toArray());
  }

  /** Logs where the curves start: the network as it is before training, under epoch 0. */
  void untrained(StageTracking tracking, Engine engine, NetworkSpec network, long seed) {
    try (TrainingNet net = engine.create(network, NetworkLayout.of(network).initialise(seed))) {
      log(tracking, evaluate(net), 0);
    }
    pictures(tracking, 0);
  }

  /** Logs figures as curves, but for the spectrum, which is a picture. */
  static void log(StageTracking tracking, Map<String, Double> figures, int epoch) {
    figures.forEach(
        (name, value) -> {
          if (!name.startsWith(SINGULAR_VALUE)) {
            tracking.metric("epoch/" + name, value, epoch);
          }
        });
  }

  /** Logs how the features evaluated last look, if they were not shown before, and frees them. */
  void pictures(StageTracking tracking, int epoch) {
    if (latest.isEmpty()) {
      return;
    }
    Pictured pictured = latest.get();
    latest = Optional.empty();
    if (pictured.spectrum().length > 0) {
      Snapshots.spectrum(tracking, epoch, pictured.spectrum());
    }
    if (pictured.features().isPresent()) {
      Features features = pictured.features().get();
      Snapshots.embedding(tracking, epoch, Embedding.of(features.queries(), EMBEDDED));
      Snapshots.neighbours(
          tracking,
          epoch,
          SampleSheets.neighbours(
              algebra, features.bank(), train, features.queries(), test.orElseThrow()),
          encoding.space().names());
    }
  }

  /** What is monitored, of a run as it is configured and its images. */
  static Optional<TrainingMonitor> of(
      RunConfig config,
      LinearAlgebra algebra,
      Encoding encoding,
      ImageSet train,
      Optional<ImageSet> test) {
    List<Monitor> monitors = config.train().monitors();
    boolean some = test.isPresent() || monitors.stream().anyMatch(m -> m != Monitor.ONLINE_PROBE);
    return config.train().knnEveryEpochs() > 0 && some
        ? Optional.of(new TrainingMonitor(config, algebra, encoding, train, test))
        : Optional.empty();
  }
}
