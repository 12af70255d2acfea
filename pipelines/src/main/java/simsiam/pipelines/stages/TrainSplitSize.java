package simsiam.pipelines.stages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.source.SourceListing;

/**
 * The number of training images, against the values of the configuration that cannot be larger.
 *
 * @param images in the train split
 * @param labelled those of them that have a label, the bank of kNN; 0: there is no kNN
 */
record TrainSplitSize(long images, long labelled) {
  /** As large as the source allows; empty where that is not known before work starts. */
  static Optional<TrainSplitSize> of(SourceListing source) {
    SourceListing.Split train = source.splits().get(0);
    return train.images().stream()
        .mapToObj(
            images ->
                new TrainSplitSize(
                    images,
                    source.classNames().isEmpty() ? 0 : images - train.unlabelled().orElse(0)))
        .findFirst();
  }

  static TrainSplitSize of(Manifest manifest) {
    Manifest.Split train = manifest.split(SplitImages.TRAIN);
    return new TrainSplitSize(train.rows(), train.rows() - train.unlabelled());
  }

  /** Values that ask for more images than there are. */
  List<Violation> violations(RunConfig config) {
    List<Violation> violations = new ArrayList<>();
    atMost(violations, "train.batch_size", config.train().batchSize(), images, "training images");
    if (labelled > 0) {
      atMost(violations, "knn.k", config.knn().k(), labelled, "labelled training images");
    }
    return violations;
  }

  /**
   * Checks the number of images at the start of a stage.
   *
   * @throws InvalidConfigException if they are too few
   */
  void require(RunConfig config) {
    List<Violation> violations = violations(config);
    if (!violations.isEmpty()) {
      throw new InvalidConfigException(violations);
    }
  }

  private static void atMost(
      List<Violation> violations, String key, int value, long most, String what) {
    if (value > most) {
      violations.add(
          new Violation(key, String.valueOf(value), "at most %s, the %s".formatted(most, what)));
    }
  }
}
