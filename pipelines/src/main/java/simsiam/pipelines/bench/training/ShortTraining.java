package simsiam.pipelines.bench.training;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.CosineSchedule;
import simsiam.model.train.Pretrainer;
import simsiam.model.train.TrainingViews;
import simsiam.model.train.spec.DeviceCache;
import simsiam.model.train.spec.TrainSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stages.pretrain.Encoding;

/**
 * A training of a few epochs and its kNN curve: the same images, views, rates and initial weights
 * on whatever engine, without checkpoints.
 *
 * @param augment with mean and deviation filled in; its device is where an engine that can makes
 *     views
 * @param epochs of a schedule of their own
 * @param every epochs between kNN evaluations; the last has one
 */
record ShortTraining(
    RunConfig config,
    ImageSet train,
    ImageSet test,
    List<String> classNames,
    AugmentSpec augment,
    int epochs,
    int every) {
  private static final float[] NOTHING = {};

  /**
   * An epoch that was evaluated.
   *
   * @param loss its mean
   * @param level 1 − std·√d of the outputs: 0 when healthy, 1 when collapsed; NaN if not told
   * @param top1 percent of the test images
   * @param imagesPerSecond of the steps alone, since the evaluation before
   */
  record Point(int epoch, double loss, double level, double top1, double imagesPerSecond) {}

  /**
   * Trains.
   *
   * @param algebra of kNN
   */
  List<Point> run(Engine engine, NetworkSpec network, LinearAlgebra algebra) {
    CosineSchedule schedule =
        new CosineSchedule(spec(), ViewLoader.batches(train.size(), batchSize()));
    Pretrainer.Job job = new Pretrainer.Job(network, augment, spec(), config.seed());
    TrainingViews views = new TrainingViews(engine, job, train);
    List<Point> points = new ArrayList<>();
    try (TrainingNet net =
        engine.create(network, NetworkLayout.of(network).initialise(config.seed()))) {
      views.cache(net, () -> false);
      long step = 0;
      for (int epoch = 1; epoch <= epochs; epoch++) {
        Sums sums = new Sums();
        long start = System.nanoTime();
        try (ViewLoader loader = views.loader(epoch, 0)) {
          while (loader.hasNext()) {
            try (ImageBatch batch = loader.next()) {
              sums.add(advance(net, batch, schedule.at(step++)));
            }
          }
        }
        sums.add(net.settle());
        double seconds = (System.nanoTime() - start) / 1e9;
        if (epoch % every == 0 || epoch == epochs) {
          double level = 1 - sums.std / sums.count * Math.sqrt(network.projector().dim());
          double rate = sums.count * (double) batchSize() / seconds;
          points.add(new Point(epoch, sums.loss / sums.count, level, top1(net, algebra), rate));
        }
      }
    }
    return points;
  }

  private List<StepMetrics> advance(TrainingNet net, ImageBatch batch, Rates rates) {
    return batch.drawn().isPresent()
        ? net.advance(batch.drawn().get(), rates)
        : net.advance(batch.pixels(), batch.size(), augment.cropSize(), NOTHING, rates);
  }

  /** Of the epochs told so far. */
  private static final class Sums {
    private double loss;
    private double std;
    private int count;

    void add(List<StepMetrics> known) {
      for (StepMetrics metrics : known) {
        loss += metrics.loss();
        std += metrics.outputStd();
        count++;
      }
    }
  }

  private double top1(TrainingNet net, LinearAlgebra algebra) {
    Encoding encoding = new Encoding(augment, LabelSpace.of(classNames));
    FeatureSet bank = encoding.features(net, train, done -> {});
    KnnSpec knn =
        new KnnSpec(Math.min(config.knn().k(), bank.size() / 2), config.knn().temperature());
    return new KnnClassifier(knn, algebra, bank)
        .evaluate(encoding.features(net, test, done -> {}))
        .report()
        .top1();
  }

  private int batchSize() {
    return Math.min(config.train().batchSize(), train.size());
  }

  /** The configuration's with this many epochs. */
  private TrainSpec spec() {
    TrainSpec all = config.train();
    return new TrainSpec(
        all.engine(),
        all.device(),
        all.precision(),
        all.deterministic(),
        epochs,
        batchSize(),
        all.baseLr(),
        Math.min(all.warmupEpochs(), epochs - 1),
        all.momentum(),
        all.weightDecay(),
        all.predictorLr(),
        all.checkpointEveryEpochs(),
        all.knnEveryEpochs(),
        all.stopOnCollapse(),
        all.loaderThreads(),
        all.monitors(),
        DeviceCache.AUTO);
  }

  /** Numbers as names of classes. */
  static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }
}
