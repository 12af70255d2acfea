package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.engine.Rates;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;

class Nd4jNetTest {
  private static final Rates RATES = new Rates(0.05, 0.1, 0.9, 5e-4);

  private static Nd4jNet net(NetworkSpec spec, int threads) {
    return Networks.net(spec, NetworkLayout.of(spec).initialise(3), threads);
  }

  static Stream<Arguments> setsAndNetworks() {
    return Stream.of(KernelSet.values())
        .flatMap(set -> Stream.of(Arch.values()).map(arch -> Arguments.of(set, arch)));
  }

  @ParameterizedTest
  @MethodSource("setsAndNetworks")
  void encodesAsTheReferenceDoesInEvalMode(KernelSet set, Arch arch) {
    NetworkSpec spec = Networks.with(new EncoderSpec(arch, Stem.IMAGENET, 4, false));
    float[] views = Networks.pixels(16, 48, 1);
    try (Nd4jNet net = set.net(spec, NetworkLayout.of(spec).initialise(3))) {
      // Running statistics near the batch's, lest features without their norm grow without bounds.
      for (int i = 0; i < 100; i++) {
        net.step(views, 8, 48, new Rates(0, 0, 0, 0));
      }
      double[][] expected = new ReferenceStep(spec, net.exportWeights(), views, 8, 48).features(1);
      // Untrained, images differ by little; each norm divides by that and multiplies rounding.
      double tolerance = arch == Arch.RESNET50 ? 3e-4 : 1e-4;
      int dim = spec.encoder().featureDim();
      float[] features = new float[16 * dim];
      net.encode(views, 16, 48, features);
      for (int i = 0; i < 8 * dim; i++) {
        double value = expected[i / dim][i % dim];
        assertThat((double) features[8 * dim + i])
            .isCloseTo(value, within(tolerance * Math.max(1, Math.abs(value))));
      }
    }
  }

  @Test
  void encodingDoesNotDependOnHowManyImagesComeAtOnce() {
    float[] images = Networks.pixels(70, 8, 1);
    try (Nd4jNet net = net(Networks.small(), 2)) {
      float[] together = new float[70 * 32];
      float[] few = new float[3 * 32];
      net.encode(images, 70, 8, together); // two chunks, the last of 6
      net.encode(Arrays.copyOfRange(images, 67 * 192, 70 * 192), 3, 8, few);
      assertThat(few).isEqualTo(Arrays.copyOfRange(together, 67 * 32, 70 * 32));
    }
  }

  @Test
  void javaLoopsDoNotDependOnTheNumberOfThreads() {
    float[] views = Networks.pixels(16, 12, 1);
    try (Nd4jNet one = net(Networks.small(), 1);
        Nd4jNet three = net(Networks.small(), 3)) {
      for (int i = 0; i < 3; i++) {
        assertThat(three.step(views, 8, 12, RATES)).isEqualTo(one.step(views, 8, 12, RATES));
      }
    }
  }

  @Test
  void trainingLowersTheLoss() {
    float[] views = Networks.pixels(32, 12, 1);
    System.arraycopy(Networks.pixels(16, 12, 1), 0, views, 16 * 12 * 12 * 3, 16 * 12 * 12 * 3);
    try (Nd4jNet net = net(Networks.small(), 2)) {
      double first = net.step(views, 16, 12, RATES).loss();
      for (int i = 0; i < 100; i++) {
        net.step(views, 16, 12, RATES);
      }
      assertThat(net.step(views, 16, 12, RATES).loss()).isLessThan(first - 0.3);
    }
  }

  @Test
  void fixedPredictorKeepsItsWeightsButFollowsTheBatchStatistics() {
    NetworkSpec spec = Networks.with(PredictorKind.FIXED);
    try (Nd4jNet net = net(spec, 2)) {
      SortedMap<String, Tensor> before = net.exportWeights();
      net.step(Networks.pixels(16, 12, 1), 8, 12, RATES);
      SortedMap<String, Tensor> after = net.exportWeights();
      assertThat(after.get("predictor.0.weight").data())
          .isEqualTo(before.get("predictor.0.weight").data());
      assertThat(after.get("predictor.1.weight").data())
          .isEqualTo(before.get("predictor.1.weight").data());
      assertThat(after.get("predictor.1.running_mean").data())
          .isNotEqualTo(before.get("predictor.1.running_mean").data());
      assertThat(net.exportOptimizer().keySet()).noneMatch(name -> name.startsWith("predictor"));
    }
  }

  @Test
  void memoryStaysBoundedWhenShapesChange() {
    float[] views = Networks.pixels(64, 24, 1);
    try (Nd4jNet net = net(Networks.small(), 2)) {
      changeShapes(net, views, 3);
      long before = Pointer.physicalBytes();
      changeShapes(net, views, 15);
      // Each binding takes about 20 MB: 45 of them kept would be 900.
      assertThat(Pointer.physicalBytes() - before).isLessThan(200L << 20);
    }
  }

  private static void changeShapes(TrainingNet net, float[] views, int rounds) {
    float[] features = new float[64 * 32];
    for (int i = 0; i < rounds; i++) {
      net.step(views, 32, 24, RATES);
      net.encode(views, 64, 24, features);
      net.step(views, 20, 16, RATES);
      net.encode(views, 64, 16, features);
      net.step(views, 31, 24, RATES);
    }
  }

  @Test
  void refusesWorkOnceClosed() {
    Nd4jNet net = net(Networks.small(), 2);
    net.step(Networks.pixels(4, 8, 1), 2, 8, RATES);
    net.close();
    net.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> net.step(Networks.pixels(4, 8, 1), 2, 8, RATES))
        .withMessage("Cannot train: the network is closed");
    assertThatIllegalStateException()
        .isThrownBy(net::exportWeights)
        .withMessage("Cannot export weights: the network is closed");
  }
}
