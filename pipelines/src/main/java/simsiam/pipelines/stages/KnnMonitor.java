package simsiam.pipelines.stages;

import java.util.Map;
import simsiam.eval.EvalReport;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.SiameseNet;
import simsiam.model.load.ImageSet;
import simsiam.model.train.EpochEvaluator;

/** The kNN accuracy of a network in training: the bank is the train split, un-augmented. */
record KnnMonitor(
    KnnSpec knn, LinearAlgebra algebra, Encoding encoding, ImageSet train, ImageSet test)
    implements EpochEvaluator {
  @Override
  public Map<String, Double> evaluate(SiameseNet net) {
    FeatureSet bank = encoding.features(net, train, done -> {});
    FeatureSet queries = encoding.features(net, test, done -> {});
    EvalReport report = new KnnClassifier(knn, algebra, bank).evaluate(queries).report();
    return Map.of("knn_top1", report.top1(), "knn_top5", report.top5());
  }
}
