package simsiam.pipelines.stages;

import java.util.List;
import java.util.function.IntConsumer;
import simsiam.eval.features.FeatureExtractor;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageSet;

/**
 * How images become features everywhere in a run: the views' size and normalisation, without their
 * randomness.
 *
 * @param augment with mean and deviation filled in
 */
record Encoding(AugmentSpec augment, List<String> classNames) {
  private static final int BATCH = 256;

  FeatureSet features(TrainingNet net, ImageSet images, IntConsumer progress) {
    int size = augment.cropSize();
    ThreadLocal<EvalTransform> transform = ThreadLocal.withInitial(() -> new EvalTransform(size));
    Normalization normalization = new Normalization(augment.mean(), augment.std());
    return new FeatureExtractor(
            net, image -> transform.get().apply(image), normalization, size, BATCH)
        .extract(images, classNames, progress);
  }
}
