package simsiam.pipelines.stages;

import java.nio.file.Path;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.data.Manifest;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSets;

/** The images of a sharded split. */
public final class SplitImages {
  public static final String TRAIN = "train";
  public static final String TEST = "test";

  private SplitImages() {}

  static ImageSet read(Path shards, Manifest manifest, String split) {
    return ImageSets.open(shards, manifest, split, ImageSets.defaultBudget());
  }

  /** The augmentation with the train split's own mean and deviation where none are given. */
  public static AugmentSpec withStatistics(AugmentSpec augment, Manifest manifest) {
    if (!augment.mean().isEmpty()) {
      return augment;
    }
    return new AugmentSpec(
        augment.cropSize(),
        augment.cropScale(),
        augment.cropRatio(),
        augment.flip(),
        augment.jitter(),
        augment.grayscaleP(),
        augment.blur(),
        manifest.trainChannels().mean(),
        manifest.trainChannels().std());
  }
}
