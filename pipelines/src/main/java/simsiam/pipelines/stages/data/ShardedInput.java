package simsiam.pipelines.stages.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;

/** What a sharded data set shows to be impossible, before a stage that reads it does any work. */
public final class ShardedInput {
  private static final Set<String> READERS_OF_TEST =
      Set.of(
          "features",
          "knn",
          "probe",
          "few_shot",
          "linear",
          "linear_augmented",
          "finetune",
          "svm",
          "layers",
          "report");

  private ShardedInput() {}

  /** By the shards that are there already, if they are. */
  public static List<Violation> violations(
      RunConfig config, Map<String, Path> upstream, String stage) {
    Path shards = upstream.get("shard");
    return shards == null ? List.of() : violations(config, Manifest.read(shards), stage);
  }

  private static List<Violation> violations(RunConfig config, Manifest manifest, String stage) {
    Set<String> reader = Set.of(stage);
    List<Violation> violations =
        new ArrayList<>(TrainSplitSize.of(manifest).violations(config, reader));
    boolean labels = !manifest.classNames().isEmpty() && !manifest.labelSpace().multiLabel();
    if (!manifest.splits().containsKey(SplitImages.TEST) && needsTest(config, reader, labels)) {
      violations.add(
          new Violation(
              "shard.validation_fraction",
              String.valueOf(config.shard().validationFraction()),
              "more, as it leaves no image of %s for the test split"
                  .formatted(manifest.split(SplitImages.TRAIN).rows())));
    }
    List<Double> std = manifest.trainChannels().std();
    boolean own = config.augment().mean().isEmpty();
    if (stage.equals("pretrain") && own && std.stream().allMatch(deviation -> deviation == 0)) {
      violations.add(
          new Violation(
              "dataset.path",
              "pixels that are all alike, of mean " + manifest.trainChannels().mean(),
              "training images that show something"));
    }
    return violations;
  }

  /**
   * Whether one of the stages reads the test split.
   *
   * @param labels whether the images have any; without, nothing is measured as training goes
   */
  static boolean needsTest(RunConfig config, Set<String> stages, boolean labels) {
    return stages.stream().anyMatch(READERS_OF_TEST::contains)
        || (labels && TrainSplitSize.monitors(config, stages));
  }

  /**
   * The same at the start of a stage.
   *
   * @throws InvalidConfigException if there is something
   */
  public static void require(RunConfig config, Manifest manifest, String stage) {
    List<Violation> violations = violations(config, manifest, stage);
    if (!violations.isEmpty()) {
      throw new InvalidConfigException(violations);
    }
  }
}
