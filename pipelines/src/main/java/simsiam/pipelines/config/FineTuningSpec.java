package simsiam.pipelines.config;

import java.util.List;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.config.Checks;
import simsiam.model.config.Neutral;
import simsiam.model.train.spec.FineTuneSpec;

/**
 * Fine-tuning on shares of the labels: the encoder and a linear head, by SGD with momentum 0.9.
 *
 * @param fractions of each class's labels; none: nothing is fine-tuned
 * @param batchSize images a step; all where there are fewer
 * @param encoderLr learning rate of the encoder, whatever the batch size
 * @param headLr of the head
 * @param weightDecay on every parameter
 * @param decayEpochs epochs after which both rates are multiplied by {@code decayFactor}; none:
 *     they fall by a half cosine to 0, step by step
 * @param cropScale interval of the crop's area over the image's
 * @param cropRatio interval of the crop's width over its height
 * @param flip probability of a horizontal flip
 */
public record FineTuningSpec(
    @Neutral("[]") List<Double> fractions,
    @Neutral("20") int epochs,
    @Neutral("256") int batchSize,
    @Neutral("0.01") double encoderLr,
    @Neutral("0.2") double headLr,
    @Neutral("0") double weightDecay,
    @Neutral("[12, 16]") List<Integer> decayEpochs,
    @Neutral("0.2") double decayFactor,
    @Neutral("[0.08, 1]") List<Double> cropScale,
    @Neutral("[0.75, 1.3333333333333333]") List<Double> cropRatio,
    @Neutral("0.5") double flip) {
  private static final double MOMENTUM = 0.9;

  public FineTuningSpec {
    fractions = List.copyOf(fractions);
    decayEpochs = List.copyOf(decayEpochs);
    cropScale = List.copyOf(cropScale);
    cropRatio = List.copyOf(cropRatio);
    new Checks()
        .require(
            "fractions", fractions, shares(fractions), "rising shares, each above 0 and at most 1")
        .all(AugmentSpec.cropsAndFlipsViolations(cropScale, cropRatio, flip))
        .done();
    training(epochs, batchSize, encoderLr, headLr, weightDecay, decayEpochs, decayFactor, 0);
  }

  private static boolean shares(List<Double> fractions) {
    double before = 0;
    for (double fraction : fractions) {
      if (!(fraction > before && fraction <= 1)) {
        return false;
      }
      before = fraction;
    }
    return true;
  }

  /** The training, with so many threads that make views. */
  public FineTuneSpec training(int loaderThreads) {
    return training(
        epochs, batchSize, encoderLr, headLr, weightDecay, decayEpochs, decayFactor, loaderThreads);
  }

  private static FineTuneSpec training(
      int epochs,
      int batchSize,
      double encoderLr,
      double headLr,
      double weightDecay,
      List<Integer> decayEpochs,
      double decayFactor,
      int loaderThreads) {
    return new FineTuneSpec(
        epochs,
        batchSize,
        encoderLr,
        headLr,
        MOMENTUM,
        weightDecay,
        decayEpochs,
        decayFactor,
        loaderThreads);
  }
}
