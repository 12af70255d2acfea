package simsiam.pipelines.stages;

import java.util.Map;
import java.util.Optional;
import simsiam.eval.EvalReport;
import simsiam.eval.embed.Embedding;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.EpochEvaluator;
import simsiam.pipelines.stage.StageTracking;

/** The kNN accuracy of a network in training: the bank is the train split, un-augmented. */
final class KnnMonitor implements EpochEvaluator {
  private static final int EMBEDDED = 1000;

  private final KnnSpec knn;
  private final LinearAlgebra algebra;
  private final Encoding encoding;
  private final ImageSet train;
  private final ImageSet test;
  private Optional<Features> latest = Optional.empty();

  private record Features(FeatureSet bank, FeatureSet queries) {}

  KnnMonitor(KnnSpec knn, LinearAlgebra algebra, Encoding encoding, ImageSet train, ImageSet test) {
    this.knn = knn;
    this.algebra = algebra;
    this.encoding = encoding;
    this.train = train;
    this.test = test;
  }

  @Override
  public Map<String, Double> evaluate(TrainingNet net) {
    FeatureSet bank = encoding.features(net, train, done -> {});
    FeatureSet queries = encoding.features(net, test, done -> {});
    latest = Optional.of(new Features(bank, queries));
    EvalReport report = new KnnClassifier(knn, algebra, bank).evaluate(queries).report();
    return Map.of("knn_top1", report.top1(), "knn_top5", report.top5());
  }

  /** Logs where the curves start: the network as it is before training, under epoch 0. */
  void untrained(StageTracking tracking, Engine engine, NetworkSpec network, long seed) {
    try (TrainingNet net = engine.create(network, NetworkLayout.of(network).initialise(seed))) {
      evaluate(net).forEach((name, value) -> tracking.metric("epoch/" + name, value, 0));
    }
    pictures(tracking, 0);
  }

  /** Logs how the features evaluated last look, if they were not shown before, and frees them. */
  void pictures(StageTracking tracking, int epoch) {
    if (latest.isPresent()) {
      Features features = latest.get();
      latest = Optional.empty();
      Snapshots.embedding(tracking, epoch, Embedding.of(features.queries(), EMBEDDED));
      Snapshots.neighbours(
          tracking,
          epoch,
          SampleSheets.neighbours(algebra, features.bank(), train, features.queries(), test),
          encoding.classNames());
    }
  }
}
