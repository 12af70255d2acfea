package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.engine.Rates;
import simsiam.model.engine.Tap;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
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

  static Stream<Arguments> setsAndStems() {
    return Stream.of(KernelSet.values())
        .flatMap(set -> Stream.of(Stem.values()).map(stem -> Arguments.of(set, stem)));
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

  /** Every tap, pooled to a grid that cuts its maps unevenly, or is finer than they are. */
  @ParameterizedTest
  @MethodSource("setsAndStems")
  void tapsWhatTheReferenceMakes(KernelSet set, Stem stem) {
    NetworkSpec spec = Networks.with(new EncoderSpec(Arch.RESNET18, stem, 4, false));
    Network encoder = Method.of(spec).encoder();
    int size = stem == Stem.CIFAR ? 22 : 44;
    float[] views = Networks.pixels(6, size, 1);
    List<Tap> taps =
        List.of(
            new Tap("layer2", 3),
            new Tap("stem", 4),
            new Tap("layer1", 1),
            new Tap("layer4", 5),
            new Tap("layer3", 2));
    List<float[]> maps =
        taps.stream().map(tap -> new float[6 * tap.length(encoder, size)]).toList();
    try (Nd4jNet net = set.net(spec, NetworkLayout.of(spec).initialise(3))) {
      for (int i = 0; i < 100; i++) {
        net.step(views, 3, size, new Rates(0, 0, 0, 0));
      }
      float[] plain = new float[6 * spec.encoder().featureDim()];
      float[] features = plain.clone();
      net.encode(views, 6, size, plain);
      net.encode(views, 6, size, features, taps, maps);
      assertThat(features).isEqualTo(plain);
      Map<String, double[][][][]> expected =
          new ReferenceStep(spec, net.exportWeights(), views, 3, size).evaluate(1);
      for (int t = 0; t < taps.size(); t++) {
        Tap tap = taps.get(t);
        double[][][][] map = expected.get(tap.node(encoder));
        float[] got = maps.get(t);
        int perImage = tap.length(encoder, size);
        for (int i = 0; i < 3 * perImage; i++) {
          int cell = i % perImage % (tap.side() * tap.side());
          double[][] channel = map[i / perImage][i % perImage / (tap.side() * tap.side())];
          double value = cellMean(channel, cell / tap.side(), cell % tap.side(), tap.side());
          assertThat((double) got[3 * perImage + i])
              .as("%s[%s]", tap, i)
              .isCloseTo(value, within(1e-4 * Math.max(1, Math.abs(value))));
        }
      }
    }
  }

  /** PyTorch's rule: from floor(i·H/side) to before ceil((i+1)·H/side). */
  private static double cellMean(double[][] map, int row, int column, int side) {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < map.length; y++) {
      for (int x = 0; x < map[y].length; x++) {
        boolean inRow = y >= row * map.length / side && y * side < (row + 1) * map.length;
        boolean inColumn =
            x >= column * map[y].length / side && x * side < (column + 1) * map[y].length;
        if (inRow && inColumn) {
          sum += map[y][x];
          count++;
        }
      }
    }
    return sum / count;
  }

  @Test
  void refusesTapsThatItCannotGive() {
    float[] images = Networks.pixels(2, 8, 1);
    float[] features = new float[64];
    try (Nd4jNet net = net(Networks.small(), 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  net.encode(
                      images, 2, 8, features, List.of(new Tap("layer5", 1)), List.of(features)))
          .withMessage(
              "Cannot tap an encoder: expected one of stem, layer1, layer2, layer3, layer4, got"
                  + " layer5");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  net.encode(
                      images,
                      2,
                      8,
                      features,
                      List.of(new Tap("stem", 1), new Tap("stem", 2)),
                      List.of(features, features)))
          .withMessage("Cannot tap an encoder: expected each name once, got two of stem");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  net.encode(
                      images, 2, 8, features, List.of(new Tap("layer1", 3)), List.of(new float[9])))
          .withMessage("Cannot encode: expected at least 72 values, got 9 (layer1)");
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> net.encode(images, 2, 8, features, List.of(new Tap("stem", 1)), List.of()))
          .withMessage("Cannot encode: expected as many arrays as taps, 1, got 0");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tap("stem", 0))
        .withMessage("Cannot tap stem: expected a grid of at least 1 cell a side, got 0");
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
