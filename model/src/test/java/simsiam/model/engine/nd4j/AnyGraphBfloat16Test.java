package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.ops.OpsKernels;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Node;
import simsiam.model.net.Shape;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Tensor;

/** Graphs that are no ResNet of ours with maps of bf16: sums, pools and norms wherever they are. */
class AnyGraphBfloat16Test {
  private static final int N = 16;
  private static final int SIZE = 9;

  static Stream<Arguments> backbones() {
    return AnyGraphTest.backbones();
  }

  /** What one step of both leaves. */
  private record Step(double loss, SortedMap<String, Tensor> gradients) {
    static Step of(SimSiam method, ElementType maps) {
      NetworkLayout layout = new NetworkLayout(method.parameters());
      try (Parameters parameters = new Parameters(layout);
          Kernels kernels = new HostKernels(parameters, 2);
          TrainingStep step = new TrainingStep(method, kernels, N, SIZE, maps)) {
        parameters.importWeights(layout.initialise(3));
        float[] views = Networks.pixels(2 * N, SIZE, 5);
        step.run(views, new float[0]); // the second finds stale values everywhere
        return new Step(step.run(views, new float[0]).loss(), parameters.exportGradients());
      }
    }

    double distance(Step other) {
      double squares = 0;
      double norm = 0;
      for (String name : gradients.keySet()) {
        float[] mine = gradients.get(name).data();
        float[] others = other.gradients.get(name).data();
        for (int i = 0; i < mine.length; i++) {
          squares += Math.pow(mine[i] - others[i], 2);
          norm += Math.pow(others[i], 2);
        }
      }
      return Math.sqrt(squares / norm);
    }
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void gradientsAreFloat32sButForRounding(List<Node> nodes) {
    assumeThat(Nd4jEngine.bfloat16Problem()).isEmpty();
    SimSiam method = AnyGraphTest.method(nodes);
    Step exact = Step.of(method, ElementType.FLOAT32);
    Step rounded = Step.of(method, ElementType.BFLOAT16);

    assertThat(rounded.loss()).isCloseTo(exact.loss(), within(5e-3));
    assertThat(rounded.distance(exact)).isBetween(1e-6, 3e-2);
  }

  /** Folded norms where they can be, and what lies in place. */
  @ParameterizedTest
  @MethodSource("backbones")
  void featuresAreFloat32sButForRounding(List<Node> nodes) {
    assumeThat(Nd4jEngine.bfloat16Problem()).isEmpty();
    SimSiam method = AnyGraphTest.method(nodes);
    float[] exact = features(method, ElementType.FLOAT32);
    float[] rounded = features(method, ElementType.BFLOAT16);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      worst = Math.max(worst, Math.abs(rounded[i] - exact[i]));
    }
    assertThat(worst / largest).isBetween(1e-6, 1e-2);
  }

  private static float[] features(SimSiam method, ElementType maps) {
    NetworkLayout layout = new NetworkLayout(method.parameters());
    float[] images = Networks.pixels(N, SIZE, 5);
    try (Parameters parameters = new Parameters(layout);
        Kernels kernels = new HostKernels(parameters, 2)) {
      parameters.importWeights(layout.initialise(3));
      try (TrainingStep step = new TrainingStep(method, kernels, N, SIZE, ElementType.FLOAT32)) {
        for (int i = 0; i < 20; i++) {
          step.run(Networks.pixels(2 * N, SIZE, i)); // moves the running statistics
        }
      }
      try (EvalEncoder encoder =
          new EvalEncoder(method.encoder(), kernels, N, SIZE, List.of(), maps)) {
        float[] features = new float[N * method.encoder().shapes(image()).get("pool").channels()];
        encoder.encode(images, N, features, List.of());
        return features;
      }
    }
  }

  private static Shape image() {
    return new Shape(SIZE, SIZE, 3);
  }

  @Test
  void nd4jsOwnOperationsRefuseIt() {
    SimSiam method = AnyGraphTest.method(AnyGraphTest.convolutionAlone());
    NetworkLayout layout = new NetworkLayout(method.parameters());
    try (Parameters parameters = new Parameters(layout);
        Kernels kernels = new OpsKernels(parameters)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new TrainingStep(method, kernels, N, SIZE, ElementType.BFLOAT16))
          .withMessage(
              "Cannot compute on maps of bf16 here: expected float32, which ND4J's own operations"
                  + " need (train.precision bf16 is for oneDNN's on the CPU)");
    }
  }
}
