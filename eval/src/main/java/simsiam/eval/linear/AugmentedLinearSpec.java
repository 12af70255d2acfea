package simsiam.eval.linear;

import java.util.List;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;
import simsiam.model.image.resize.Interpolation;

/**
 * Linear evaluation with augmentation: a linear layer on a frozen encoder, trained on a random crop
 * of each image, flipped or not, that is another one in each epoch. Momentum 0.9, no weight decay;
 * the rate falls by a half cosine to 0, step by step.
 *
 * @param epochs 0: none
 * @param batchSize images a step; the last, incomplete batch of an epoch is dropped
 * @param baseLr learning rate at batch 256; the rate used is {@code baseLr·batchSize/256}
 * @param cropScale interval of the crop's area over the image's
 * @param cropRatio interval of the crop's width over its height
 * @param flip probability of a horizontal flip
 * @param testResize pixels of a test image's shorter side before the centre is cut out; 0: as for
 *     features
 * @param interpolation of crops, and of test images that are resized for this
 */
public record AugmentedLinearSpec(
    @Neutral("0") int epochs,
    @Neutral("256") int batchSize,
    @Neutral("sgd") LinearOptimizer optimizer,
    @Neutral("30") double baseLr,
    @Neutral("[0.08, 1]") List<Double> cropScale,
    @Neutral("[0.75, 1.3333333333333333]") List<Double> cropRatio,
    @Neutral("0.5") double flip,
    @Neutral("0") int testResize,
    @Neutral("bilinear") Interpolation interpolation) {
  private static final int MOST = 1_000_000;
  private static final int MOST_PIXELS = 10_000;
  private static final double MAX_RATE = 1e30;
  private static final double AT_BATCH = 256;

  public AugmentedLinearSpec {
    cropScale = List.copyOf(cropScale);
    cropRatio = List.copyOf(cropRatio);
    new Checks()
        .atLeast("epochs", epochs, 0)
        .atMost("epochs", epochs, MOST)
        .atLeast("batch_size", batchSize, 1)
        .atMost("batch_size", batchSize, MOST)
        .positive("base_lr", baseLr)
        .atMost("base_lr", baseLr, MAX_RATE)
        .all(AugmentSpec.cropsAndFlipsViolations(cropScale, cropRatio, flip))
        .atLeast("test_resize", testResize, 0)
        .atMost("test_resize", testResize, MOST_PIXELS)
        .done();
  }

  /** How the layer is trained, if there are epochs. */
  LinearSpec layer() {
    return new LinearSpec(epochs, batchSize, baseLr * batchSize / AT_BATCH, false, optimizer);
  }
}
