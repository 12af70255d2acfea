package simsiam.pipelines.stages;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.data.ImageExample;
import simsiam.model.data.Manifest;
import simsiam.model.data.ShardedSplit;
import simsiam.model.load.ImageSet;
import simsiam.model.load.InMemoryImages;

/** The images of a sharded split, in memory. */
final class SplitImages {
  static final String TRAIN = "train";
  static final String TEST = "test";

  private SplitImages() {}

  static ImageSet read(Path shards, Manifest manifest, String split) {
    try (Stream<ImageExample> examples = ShardedSplit.read(shards, manifest, split)) {
      List<ImageExample> rows = examples.toList();
      return new InMemoryImages(
          rows, manifest.imageEncoding(), Runtime.getRuntime().maxMemory() / 4);
    }
  }

  /** The augmentation with the train split's own mean and deviation where none are given. */
  static AugmentSpec withStatistics(AugmentSpec augment, Manifest manifest) {
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
