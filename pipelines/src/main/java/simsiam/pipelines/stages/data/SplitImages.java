package simsiam.pipelines.stages.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.data.Manifest;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ImageSets;

/** The images of a sharded split. */
public final class SplitImages {
  public static final String TRAIN = "train";
  public static final String TEST = "test";

  private static final List<String> CHANNELS = List.of("red", "green", "blue");

  private SplitImages() {}

  public static ImageSet read(Path shards, Manifest manifest, String split) {
    return ImageSets.open(shards, manifest, split, ImageSets.defaultBudget());
  }

  /**
   * The augmentation with the train split's own mean and deviation where none are given. A channel
   * that is the same everywhere has no deviation to divide by: it is shifted to 0 alone.
   */
  public static AugmentSpec withStatistics(AugmentSpec augment, Manifest manifest) {
    if (!augment.mean().isEmpty()) {
      return augment;
    }
    return augment.normalised(
        manifest.trainChannels().mean(),
        manifest.trainChannels().std().stream().map(std -> std == 0 ? 1 : std).toList());
  }

  /** Names of the channels that have one value in all training images. */
  public static List<String> constantChannels(Manifest manifest) {
    List<Double> std = manifest.trainChannels().std();
    return IntStream.range(0, CHANNELS.size())
        .filter(channel -> std.get(channel) == 0)
        .mapToObj(CHANNELS::get)
        .toList();
  }
}
