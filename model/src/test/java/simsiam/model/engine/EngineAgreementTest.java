package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.net.Arch;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.Tensor;

/** The engines against each other: the same weights and pixels, the same numbers. */
class EngineAgreementTest {
  private static final Engine TORCH = Engines.torch();
  private static final List<ReferenceCase> CASES = ReferenceCase.all();
  private static final int STEPS = 50;

  private final Rates rates = new Rates(5e-4, 5e-4, 0.9, 5e-4);

  static List<Arguments> casesOfEach() {
    return Engines.nd4j().stream()
        .flatMap(
            engine ->
                CASES.stream()
                    .<Arguments>map(c -> argumentSet(engine.name() + ", " + c, engine, c)))
        .toList();
  }

  static List<Arguments> engines() {
    return Engines.nd4j().stream()
        .<Arguments>map(engine -> argumentSet(engine.name(), engine))
        .toList();
  }

  /** At the weights a run begins with, and the loss against double precision as well. */
  @ParameterizedTest
  @MethodSource("casesOfEach")
  void agreeOnOneStep(Engine engine, ReferenceCase c) {
    SortedMap<String, Tensor> weights = NetworkLayout.of(c.spec()).initialise(3);
    float[] views = Hashed.pixels(c.views() * c.batch(), c.size(), 5);
    double exact = new ReferenceStep(c.spec(), weights, views, c.batch(), c.size()).loss();
    try (TrainingNet nd4j = engine.create(c.spec(), weights);
        TrainingNet torch = TORCH.create(c.spec(), weights)) {
      StepMetrics got = nd4j.step(views, c.batch(), c.size(), new Rates(0, 0, 0, 0));
      StepMetrics expected = torch.step(views, c.batch(), c.size(), new Rates(0, 0, 0, 0));

      assertThat(got.loss()).isCloseTo(exact, within(1e-5));
      assertThat(expected.loss()).isCloseTo(exact, within(roundingOfTorch(c)));
      assertThat(got.outputStd()).isCloseTo(expected.outputStd(), within(roundingOfTorch(c)));
      TensorMaps.assertNear(nd4j.exportOptimizer(), torch.exportOptimizer(), 1e-3);
      TensorMaps.assertNear(nd4j.exportWeights(), torch.exportWeights(), 1e-4);
    }
  }

  /**
   * 53 batch norms over as few as eight values: libtorch, which sums them in float32, is up to
   * 1.2e-5 from the exact loss with these pixels, the nd4j engine, which sums in float64, 1e-6.
   */
  private static double roundingOfTorch(ReferenceCase c) {
    return c.spec().encoder().arch() == Arch.RESNET50 ? 3e-5 : 1e-5;
  }

  /**
   * Training amplifies rounding: at its own initial weights an engine parts from itself when pixels
   * change in their last bit, whichever engine it is. Two engines that compute the same part as
   * fast as one of them does from itself, not faster.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void partNoFasterThanAnEngineFromItself(Engine engine) {
    ReferenceCase c = CASES.get(0);
    int batch = 32;
    SortedMap<String, Tensor> weights = NetworkLayout.of(c.spec()).initialise(3);
    try (TrainingNet nd4j = engine.create(c.spec(), weights);
        TrainingNet torch = TORCH.create(c.spec(), weights);
        TrainingNet nudgedNd4j = engine.create(c.spec(), weights);
        TrainingNet nudgedTorch = TORCH.create(c.spec(), weights)) {
      for (int i = 1; i <= STEPS; i++) {
        float[] views = Hashed.pixels(c.views() * batch, c.size(), i % 4);
        float[] nudged = nudged(views);
        nd4j.step(views, batch, c.size(), rates);
        torch.step(views, batch, c.size(), rates);
        nudgedNd4j.step(nudged, batch, c.size(), rates);
        nudgedTorch.step(nudged, batch, c.size(), rates);
        if (i % 10 == 0) {
          assertThat(distance(nd4j, torch))
              .as("distance after %s steps", i)
              .isLessThan(3 * Math.max(distance(nd4j, nudgedNd4j), distance(torch, nudgedTorch)));
        }
      }
    }
  }

  /** Every other pixel changed in its last bit. */
  private static float[] nudged(float[] pixels) {
    float[] nudged = pixels.clone();
    for (int i = 0; i < nudged.length; i += 2) {
      nudged[i] = Math.nextUp(nudged[i]);
    }
    return nudged;
  }

  /**
   * The rate is low since at ten times as much a last-bit change of the weights alone, on one
   * engine, grows to 0.1 in the loss within fifty steps: ReLUs switch.
   */
  @ParameterizedTest
  @MethodSource("engines")
  void stayTogetherOverFiftySteps(Engine engine) {
    ReferenceCase c = CASES.get(0);
    SortedMap<String, Tensor> weights = largeConvolutions(c);
    double first = 0;
    double last = 0;
    try (TrainingNet nd4j = engine.create(c.spec(), weights);
        TrainingNet torch = TORCH.create(c.spec(), weights)) {
      for (int i = 0; i < STEPS; i++) {
        float[] views = Hashed.pixels(c.views() * c.batch(), c.size(), i % 4);
        last = torch.step(views, c.batch(), c.size(), rates).loss();
        first = i == 0 ? last : first;
        assertThat(nd4j.step(views, c.batch(), c.size(), rates).loss())
            .as("loss of step %s", i)
            .isCloseTo(last, within(i < 10 ? 1e-4 : 5e-3));
      }
      assertThat(last).isLessThan(first - 0.3);
      assertThat(distance(nd4j, torch)).isLessThan(1e-3);
      assertNearFeatures(c, nd4j, torch);
    }
  }

  @Test
  void continueEachOthersCheckpoints(@TempDir Path folder) throws Exception {
    ReferenceCase c = CASES.get(0);
    List<Engine> engines = Engines.all();
    for (int from = 0; from < engines.size(); from++) {
      try (TrainingNet first = engines.get(from).create(c.spec(), Hashed.weights(c.spec()))) {
        steps(first, c, 0, 5);
        Safetensors.of(first.exportWeights()).write(folder.resolve("weights"));
        Safetensors.of(first.exportOptimizer()).write(folder.resolve("momentum"));
        Engine other = engines.get((from + 1) % engines.size());
        SortedMap<String, Tensor> weights = Safetensors.read(folder.resolve("weights")).tensors();
        try (TrainingNet second = other.create(c.spec(), weights)) {
          second.importOptimizer(Safetensors.read(folder.resolve("momentum")).tensors());
          steps(first, c, 5, 8);
          steps(second, c, 5, 8);
          TensorMaps.assertNear(second.exportWeights(), first.exportWeights(), 1e-3);
          TensorMaps.assertNear(second.exportOptimizer(), first.exportOptimizer(), 1e-2);
        }
      }
    }
  }

  private void steps(TrainingNet net, ReferenceCase c, int from, int to) {
    IntStream.range(from, to)
        .forEach(
            i ->
                net.step(
                    Hashed.pixels(c.views() * c.batch(), c.size(), i), c.batch(), c.size(), rates));
  }

  /** Of all weights together, relative to their norm. */
  private static double distance(TrainingNet a, TrainingNet b) {
    SortedMap<String, Tensor> weights = b.exportWeights();
    SortedMap<String, Tensor> difference =
        TensorMaps.plus(a.exportWeights(), TensorMaps.scaled(weights, -1));
    return TensorMaps.norm(difference) / TensorMaps.norm(weights);
  }

  private static void assertNearFeatures(ReferenceCase c, TrainingNet a, TrainingNet b) {
    float[] images = Hashed.pixels(c.batch(), c.size(), 99);
    float[] got = new float[c.batch() * c.spec().encoder().featureDim()];
    float[] expected = got.clone();
    a.encode(images, c.batch(), c.size(), got);
    b.encode(images, c.batch(), c.size(), expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(0.02f));
    }
  }

  /**
   * Initial weights with convolutions as large as torchvision's (Kaiming, by fan-out): scale
   * matters to no batch norm, but the smaller a weight, the faster it turns, and the sooner two
   * engines part.
   */
  private static SortedMap<String, Tensor> largeConvolutions(ReferenceCase c) {
    SortedMap<String, Tensor> weights = NetworkLayout.of(c.spec()).initialise(3);
    weights.values().stream()
        .filter(tensor -> tensor.shape().length == 4)
        .forEach(
            tensor -> {
              double factor = Math.sqrt(6.0 * tensor.shape()[1] / tensor.shape()[0]);
              for (int i = 0; i < tensor.data().length; i++) {
                tensor.data()[i] *= (float) factor;
              }
            });
    return weights;
  }
}
