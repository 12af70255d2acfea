package simsiam.model.train;

import java.util.Map;
import simsiam.model.engine.TrainingNet;

/** Measures a network between epochs; figures by name, such as {@code knn_top1} in percent. */
@FunctionalInterface
public interface EpochEvaluator {
  Map<String, Double> evaluate(TrainingNet net);
}
