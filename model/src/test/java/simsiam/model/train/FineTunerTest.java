package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.JitterSpec;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Arch;
import simsiam.model.net.Classifier;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;
import simsiam.model.train.FineTuner.Epoch;
import simsiam.model.train.FineTuner.Fitted;
import simsiam.model.train.spec.FineTuneSpec;

class FineTunerTest {
  private static final EncoderSpec ENCODER = new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false);
  private static final FineTuneSpec TUNING =
      new FineTuneSpec(6, 8, 0.02, 0.1, 0.9, 1e-4, List.of(), 0.1, 2);
  private static final SortedMap<String, Tensor> RANDOM = new TreeMap<>();

  private final Nd4jEngine engine = new Nd4jEngine();
  private final List<Epoch> epochs = new ArrayList<>();

  /** Noise, brighter in the channel of the class. */
  private record Tinted(int size, long seed, int unlabelled) implements ImageSet {
    @Override
    public String id(int index) {
      return "image-" + index;
    }

    @Override
    public int label(int index) {
      return index == unlabelled ? -1 : index % 3;
    }

    @Override
    public RgbImage image(int index) {
      SplittableRandom random = new SplittableRandom(seed + index);
      byte[] pixels = new byte[8 * 8 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (random.nextInt(128) + (i % 3 == index % 3 ? 60 : 0));
      }
      return new RgbImage(8, 8, pixels);
    }
  }

  private static FineTuner.Job job(FineTuneSpec tuning) {
    AugmentSpec augment =
        new AugmentSpec(
            8,
            List.of(0.2, 1.0),
            List.of(0.75, 1.3333),
            0.5,
            new JitterSpec(0.8, 0.4, 0.4, 0.4, 0.1),
            0.2,
            new BlurSpec(0.5, List.of(0.1, 2.0)),
            List.of(0.5, 0.5, 0.5),
            List.of(0.25, 0.25, 0.25));
    return new FineTuner.Job(
        ENCODER,
        3,
        augment.cropsAndFlips(augment.cropScale(), augment.cropRatio(), augment.flip()),
        tuning,
        5);
  }

  private FineTuner tuner(FineTuneSpec tuning, int images, BooleanSupplier stop) {
    return new FineTuner(
        engine,
        job(tuning),
        new Tinted(images, 1, -1),
        new Tinted(60, 1000, -1),
        epochs::add,
        stop);
  }

  @Test
  void learnsToTellTheClassesApartAndEndsWithTheSameBits() {
    Fitted fitted = tuner(TUNING, 90, () -> false).run(RANDOM);
    Fitted again = tuner(TUNING, 90, () -> false).run(RANDOM);

    assertThat(fitted.history()).extracting(Epoch::epoch).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(epochs).hasSize(12).startsWith(fitted.history().toArray(Epoch[]::new));
    assertThat(fitted.history().get(5).top1()).isGreaterThan(95);
    assertThat(fitted.history().get(5).loss()).isLessThan(fitted.history().get(0).loss() / 2);
    assertThat(again.history()).isEqualTo(fitted.history());
    fitted
        .weights()
        .forEach(
            (name, tensor) ->
                assertThat(again.weights().get(name).data()).as(name).isEqualTo(tensor.data()));
    assertThat(fitted.weights().get("fc.weight").shape()).containsExactly(3, 32);
  }

  /** With rates of 0 the classifier stays at its first weights. */
  @Test
  void beginsWithTheWeightsOfACheckpoint() {
    FineTuneSpec still = new FineTuneSpec(1, 16, 0, 0, 0, 0, List.of(), 1, 1);
    SortedMap<String, Tensor> trained = Classifier.of(ENCODER, 7).initialise(RANDOM, 99);
    trained.put("predictor.0.weight", Tensor.of(new float[1], 1));

    Fitted fitted = tuner(still, 32, () -> false).run(trained);

    assertThat(fitted.weights().get("backbone.conv1.weight").data())
        .isEqualTo(trained.get("backbone.conv1.weight").data());
    assertThat(fitted.weights().get("fc.weight").data())
        .isEqualTo(Classifier.of(ENCODER, 3).initialise(RANDOM, 5).get("fc.weight").data());
    assertThat(fitted.weights()).doesNotContainKey("predictor.0.weight");
    trained.remove("backbone.bn1.weight");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tuner(still, 32, () -> false).run(trained))
        .withMessage(
            "Cannot initialise a classifier: expected weights of its encoder, got none"
                + " (backbone.bn1.weight)");
  }

  @Test
  void theHeadStartsNearZero() {
    SortedMap<String, Tensor> weights =
        Classifier.of(new EncoderSpec(Arch.RESNET50, Stem.CIFAR, 16, true), 100)
            .initialise(RANDOM, 3);
    float[] head = weights.get("fc.weight").data();
    double sum = 0;
    double squares = 0;
    int beyondTwo = 0;
    for (float value : head) {
      sum += value;
      squares += (double) value * value;
      beyondTwo += Math.abs(value) > 0.02 ? 1 : 0;
    }

    assertThat(head).hasSize(51_200);
    assertThat(sum / head.length).isCloseTo(0, within(2e-4)); // 4.5 deviations of the mean
    assertThat(Math.sqrt(squares / head.length)).isCloseTo(0.01, within(1.5e-4));
    assertThat((double) beyondTwo / head.length).isCloseTo(0.0455, within(0.005));
    assertThat(weights.get("fc.bias").data()).containsOnly(0f);
  }

  @Test
  void aBatchHoldsAllImagesWhereThereAreFewer() {
    FineTuneSpec tuning = new FineTuneSpec(1, 256, 0.02, 0.1, 0.9, 0, List.of(), 1, 1);

    assertThat(tuner(tuning, 9, () -> false).run(RANDOM).history()).hasSize(1);
  }

  @Test
  void endsWhenItIsToldTo() {
    assertThatThrownBy(() -> tuner(TUNING, 90, () -> true).run(RANDOM))
        .isInstanceOf(CancellationException.class);
    assertThat(epochs).isEmpty();
  }

  @Test
  void refusesImagesWithoutLabels() {
    FineTuner tuner =
        new FineTuner(
            engine,
            job(TUNING),
            new Tinted(20, 1, 7),
            new Tinted(20, 1, -1),
            epochs::add,
            () -> false);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> tuner.run(RANDOM))
        .withMessage("Cannot fine-tune: expected labels from 0 to 2, got none (image-7)");
  }

  @Test
  void ratesFallByHalfACosineOrInSteps() {
    FineTuneSpec steps = new FineTuneSpec(20, 64, 0.01, 1, 0.9, 0, List.of(12, 16), 0.2, 0);

    assertThat(TUNING.factor(0, 10)).isEqualTo(1);
    assertThat(TUNING.factor(30, 10)).isCloseTo(0.5, within(1e-12));
    assertThat(TUNING.factor(59, 10)).isLessThan(0.002);
    assertThat(steps.factor(119, 10)).isEqualTo(1);
    assertThat(steps.factor(120, 10)).isEqualTo(0.2);
    assertThat(steps.factor(160, 10)).isCloseTo(0.04, within(1e-12));
    assertThatThrownBy(() -> new FineTuneSpec(5, 64, 1, 1, 0, 0, List.of(3, 5), 0.1, 0))
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageContaining("ascending epochs from 1 to less than epochs (5), got [3, 5]");
  }
}
