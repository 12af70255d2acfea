package simsiam.pipelines.stages.pretrain;

import java.util.function.IntConsumer;
import simsiam.eval.features.FeatureExtractor;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;

/**
 * How images become features everywhere in a run: the views' size and normalisation, without their
 * randomness.
 *
 * @param augment with mean and deviation filled in
 */
public record Encoding(AugmentSpec augment, LabelSpace space) {
  private static final int BATCH = 256;

  /** All features of a split, in memory. */
  public FeatureSet features(TrainingNet net, ImageSet images, IntConsumer progress) {
    return extractor(net).extract(images, space, progress);
  }

  /** What makes features one by one, of splits that may be larger than the memory. */
  public FeatureExtractor extractor(TrainingNet net) {
    return extractor(net, EvalTransform.Resize.CUSTOMARY);
  }

  /** The same, of images that are resized in some way. */
  public FeatureExtractor extractor(TrainingNet net, EvalTransform.Resize resize) {
    return new FeatureExtractor(
        net,
        new Normalization(augment.mean(), augment.std()),
        augment.cropSize(),
        resize,
        BATCH,
        Runtime.getRuntime().availableProcessors());
  }
}
