package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.Stem;

/** Intermediate maps, of every engine. */
@ParameterizedClass(name = "{0}")
@MethodSource("simsiam.model.engine.Engines#all")
class EngineTapsTest {
  private static final int N = 3;

  @Parameter private Engine engine;

  private static NetworkSpec spec(Stem stem) {
    NetworkSpec base = ReferenceCase.spec("resnet10");
    return new NetworkSpec(
        new EncoderSpec(Arch.RESNET18, stem, 4, false),
        base.projector(),
        base.predictor(),
        base.objective());
  }

  @Test
  void tapsWhatTheReferenceMakes() {
    tapsWhatTheReferenceMakes(spec(Stem.CIFAR), 22);
  }

  @Test
  void tapsBehindTheMaxPoolingOfTheImagenetStem() {
    tapsWhatTheReferenceMakes(spec(Stem.IMAGENET), 44);
  }

  /** Every tap, pooled to a grid that cuts its maps unevenly, or is finer than they are. */
  private void tapsWhatTheReferenceMakes(NetworkSpec spec, int size) {
    Network encoder = Method.of(spec).encoder();
    float[] images = Hashed.pixels(2 * N, size, 1);
    List<Tap> taps =
        List.of(
            new Tap("layer2", 3),
            new Tap("stem", 4),
            new Tap("layer1", 1),
            new Tap("layer4", 5),
            new Tap("layer3", 2));
    List<float[]> maps =
        taps.stream().map(tap -> new float[2 * N * tap.length(encoder, size)]).toList();
    float[] plain = new float[2 * N * spec.encoder().featureDim()];
    float[] features = plain.clone();
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      net.encode(images, 2 * N, size, plain);
      net.encode(images, 2 * N, size, features, taps, maps);
    }
    assertThat(features).isEqualTo(plain);
    Map<String, double[][][][]> expected =
        new ReferenceStep(spec, Hashed.weights(spec), images, N, size).evaluate(1);
    for (int t = 0; t < taps.size(); t++) {
      Tap tap = taps.get(t);
      assertLastAreNear(maps.get(t), tap, expected.get(tap.node(encoder)));
    }
  }

  /** The last N of the tapped images against whole maps [N][C][H][W]. */
  private static void assertLastAreNear(float[] got, Tap tap, double[][][][] maps) {
    int cells = tap.side() * tap.side();
    int perImage = maps[0].length * cells;
    for (int i = 0; i < N * perImage; i++) {
      double[][] channel = maps[i / perImage][i % perImage / cells];
      double value = mean(channel, i % cells / tap.side(), i % cells % tap.side(), tap.side());
      assertThat((double) got[N * perImage + i])
          .as("%s[%s]", tap, i)
          .isCloseTo(value, within(1e-4 * Math.max(1, Math.abs(value))));
    }
  }

  /** PyTorch's rule: from floor(i·H/side) to before ceil((i+1)·H/side). */
  private static double mean(double[][] map, int row, int column, int side) {
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
    NetworkSpec spec = ReferenceCase.spec("resnet10");
    float[] images = Hashed.pixels(2, 8, 1);
    float[] features = new float[2 * spec.encoder().featureDim()];
    try (TrainingNet net = engine.create(spec, Hashed.weights(spec))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encode(net, images, features, List.of(new Tap("layer5", 1)), features))
          .withMessage(
              "Cannot tap an encoder: expected one of stem, layer1, layer2, layer3, layer4, got"
                  + " layer5");
      List<Tap> twice = List.of(new Tap("stem", 1), new Tap("stem", 2));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encode(net, images, features, twice, features, features))
          .withMessage("Cannot tap an encoder: expected each name once, got two of stem");
      List<Tap> layer = List.of(new Tap("layer1", 3));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encode(net, images, features, layer, new float[9]))
          .withMessage("Cannot encode: expected at least 72 values, got 9 (layer1)");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> encode(net, images, features, layer))
          .withMessage("Cannot encode: expected as many arrays as taps, 1, got 0");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Tap("stem", 0))
        .withMessage("Cannot tap stem: expected a grid of at least 1 cell a side, got 0");
  }

  private static void encode(
      TrainingNet net, float[] images, float[] features, List<Tap> taps, float[]... maps) {
    net.encode(images, 2, 8, features, taps, List.of(maps));
  }
}
