package simsiam.pipelines.stages.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.source.listing.SourceListing;

/**
 * The number of training images, against the values of the configuration that cannot be larger.
 *
 * @param images in the train split
 * @param labelled those of them that have one class, the bank of kNN; 0: there is no kNN
 */
record TrainSplitSize(long images, long labelled) {
  /** As large as the source allows; empty where that is not known before work starts. */
  static Optional<TrainSplitSize> of(RunConfig config, SourceListing source) {
    SourceListing.Split train = source.splits().get(0);
    long most = train.images().orElse(Long.MAX_VALUE);
    int limit = config.dataset().limit();
    long images = limit == 0 ? most : Math.min(most, limit);
    if (images == Long.MAX_VALUE) {
      return Optional.empty();
    }
    boolean labels = !source.classNames().isEmpty() && !config.dataset().multiLabel();
    return Optional.of(
        new TrainSplitSize(images, labels ? images - train.unlabelled().orElse(0) : 0));
  }

  static TrainSplitSize of(Manifest manifest) {
    Manifest.Split train = manifest.split(SplitImages.TRAIN);
    long labelled = manifest.labelSpace().multiLabel() ? 0 : train.rows() - train.unlabelled();
    return new TrainSplitSize(train.rows(), labelled);
  }

  /**
   * Values that ask for more images than there are, or than there is memory for.
   *
   * @param stages for which they must hold
   */
  List<Violation> violations(RunConfig config, Set<String> stages) {
    List<Violation> violations = new ArrayList<>();
    if (stages.contains("pretrain")) {
      atMost(violations, "train.batch_size", config.train().batchSize(), images, "training images");
      long heap = Runtime.getRuntime().maxMemory();
      violations.addAll(TrainingMemory.ofTargets(config, images, heap));
    }
    if (labelled > 0 && (stages.contains("knn") || monitors(config, stages))) {
      atMost(violations, "knn.k", config.knn().k(), labelled, "labelled training images");
    }
    if (labelled > 0 && stages.contains("linear_augmented")) {
      atMost(
          violations,
          "linear_augmented.batch_size",
          config.linearAugmented().batchSize(),
          labelled,
          "labelled training images");
    }
    return violations;
  }

  /** Whether kNN is measured as training goes. */
  static boolean monitors(RunConfig config, Set<String> stages) {
    return stages.contains("pretrain") && config.train().knnEveryEpochs() > 0;
  }

  private static void atMost(
      List<Violation> violations, String key, int value, long most, String what) {
    if (value > most) {
      violations.add(
          new Violation(key, String.valueOf(value), "at most %s, the %s".formatted(most, what)));
    }
  }
}
