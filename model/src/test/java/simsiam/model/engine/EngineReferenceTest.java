package simsiam.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.engine.ReferenceCase.Summary;
import simsiam.model.net.Tensor;

/** Every engine against PyTorch's double-precision figures, for every switch of the network. */
class EngineReferenceTest {
  private static final double RELATIVE = 1e-3;

  /** What rounding leaves of an element that is zero in exact arithmetic. */
  private static final double ABSOLUTE = 1e-7;

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("cases")
  void stepsAsPyTorchDoes(String name, ReferenceCase c, Engine engine) {
    try (TrainingNet net = engine.create(c.spec(), Hashed.weights(c.spec()))) {
      assertNear(c.gradients(), gradients(net, c));
    }
    try (TrainingNet net = engine.create(c.spec(), Hashed.weights(c.spec()))) {
      for (int step = 0; step < c.loss().size(); step++) {
        float[] views = Hashed.pixels(c.views() * c.batch(), c.size(), step);
        StepMetrics metrics = net.step(views, c.batch(), c.size(), c.rates());
        assertThat(metrics.loss()).isCloseTo(c.loss().get(step), within(step == 0 ? 1e-5 : 1e-4));
        assertThat(metrics.outputStd()).isCloseTo(c.outputStd().get(step), within(1e-5));
      }
      assertNear(c.weights(), net.exportWeights());
      float[] features = new float[c.batch() * c.spec().encoder().featureDim()];
      net.encode(
          Hashed.pixels(c.batch(), c.size(), c.loss().size()), c.batch(), c.size(), features);
      assertNear("features", c.features(), features);
    }
  }

  /** The optimiser's buffers after a step without momentum and weight decay are the gradients. */
  private static SortedMap<String, Tensor> gradients(TrainingNet net, ReferenceCase c) {
    float[] views = Hashed.pixels(c.views() * c.batch(), c.size(), 0);
    net.step(views, c.batch(), c.size(), new Rates(0, 0, 0, 0));
    return net.exportOptimizer();
  }

  private static void assertNear(Map<String, Summary> expected, SortedMap<String, Tensor> got) {
    assertThat(got.keySet()).containsExactlyElementsOf(expected.keySet());
    got.forEach((name, tensor) -> assertNear(name, expected.get(name), tensor.data()));
  }

  private static void assertNear(String name, Summary expected, float[] values) {
    Summary got = Summary.of(name, values);
    double tolerance = RELATIVE * expected.norm() + ABSOLUTE * Math.sqrt(values.length);
    assertThat(got.norm()).as("norm of %s", name).isCloseTo(expected.norm(), within(tolerance));
    assertThat(got.dot()).as("dot of %s", name).isCloseTo(expected.dot(), within(tolerance));
  }

  static List<Arguments> cases() {
    List<ReferenceCase> cases = ReferenceCase.all();
    return Engines.all().stream()
        .flatMap(engine -> cases.stream().map(c -> Arguments.of(engine.name(), c, engine)))
        .toList();
  }
}
