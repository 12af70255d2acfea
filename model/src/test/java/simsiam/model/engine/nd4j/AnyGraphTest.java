package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.net.Loss.NegativeCosine;
import simsiam.model.net.Network;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Node;
import simsiam.model.net.Node.Add;
import simsiam.model.net.Node.BatchNorm;
import simsiam.model.net.Node.Convolution;
import simsiam.model.net.Node.GlobalAveragePool;
import simsiam.model.net.Node.Linear;
import simsiam.model.net.Node.MaxPool;
import simsiam.model.net.Node.Relu;
import simsiam.model.net.ParameterSpec.Initial;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;

/** Graphs that are no ResNet of ours: nothing in the engine may know more than the nodes. */
@ParameterizedClass(name = "{0}")
@EnumSource(KernelSet.class)
class AnyGraphTest {
  private static final int N = 3;
  private static final int SIZE = 9;
  private static final int WIDTH = 4;

  @Parameter private KernelSet kernelSet;

  static Stream<Arguments> backbones() {
    return Stream.of(
        argumentSet(
            "pre-activation block",
            List.of(
                conv("a", "x", 3, 3, 1),
                norm("n1", "a"),
                new Relu("r1", "n1"),
                conv("b", "r1", WIDTH, 3, 1),
                norm("n2", "b"),
                new Relu("r2", "n2"),
                conv("c", "r2", WIDTH, 3, 1),
                new Add("s", "c", "a"),
                norm("n3", "s"),
                new Relu("r3", "n3"))),
        argumentSet(
            "one value read by many",
            List.of(
                conv("a", "x", 3, 3, 2),
                norm("n", "a"),
                new Relu("r", "n"),
                conv("b", "r", WIDTH, 1, 1),
                conv("c", "r", WIDTH, 3, 1),
                conv("d", "r", WIDTH, 1, 1),
                new Add("s1", "b", "c"),
                new Add("s2", "s1", "d"),
                new Add("s3", "r", "s2"),
                new Relu("q", "s3"))),
        argumentSet(
            "a sum of a value with itself",
            List.of(
                conv("a", "x", 3, 3, 1),
                new Add("s", "a", "a"),
                norm("n", "s"),
                new Add("t", "n", "n"),
                new Relu("r", "t"))),
        argumentSet(
            "without norms",
            List.of(
                conv("a", "x", 3, 3, 1),
                new Relu("r", "a"),
                new MaxPool("mp", "r", 2, 2, 0),
                conv("b", "mp", WIDTH, 1, 2),
                new Relu("q", "b"))),
        argumentSet(
            "pools read what a block makes",
            List.of(
                conv("a", "x", 3, 5, 1),
                norm("n", "a"),
                conv("b", "x", 3, 1, 1),
                norm("m", "b"),
                new Add("s", "n", "m"),
                new Relu("r", "s"),
                new MaxPool("mp", "r", 3, 2, 1),
                new MaxPool("o", "r", 3, 2, 1),
                new Add("t", "mp", "o"))),
        argumentSet(
            "strided pixels into a fresh map",
            List.of(
                conv("a", "x", 3, 3, 1),
                norm("n", "a"),
                new Relu("r", "n"),
                conv("b", "r", WIDTH, 1, 2),
                norm("m", "b"))));
  }

  private static Convolution conv(String name, String input, int in, int kernel, int stride) {
    return new Convolution(name, input, in, WIDTH, kernel, stride, kernel / 2);
  }

  private static BatchNorm norm(String name, String input) {
    return new BatchNorm(name, input, WIDTH, true, Initial.ONE);
  }

  static List<Node> convolutionAlone() {
    return List.of(conv("a", "x", 3, 3, 1), new Relu("r", "a"));
  }

  static SimSiam method(List<Node> nodes) {
    List<Node> all = new ArrayList<>(nodes);
    all.add(new GlobalAveragePool("pool", nodes.get(nodes.size() - 1).name()));
    Network backbone = new Network("x", 3, all, Map.of());
    Network projector =
        new Network("pool", WIDTH, List.of(new Linear("z", "pool", WIDTH, 6, true)), Map.of());
    Network predictor =
        new Network(
            "z",
            6,
            List.of(
                new Linear("h", "z", 6, 5, true),
                new Relu("hr", "h"),
                new Linear("p", "hr", 5, 6, true)),
            Map.of());
    return new SimSiam(
        backbone,
        projector,
        Optional.of(predictor),
        true,
        false,
        Symmetry.SYMMETRIC,
        new NegativeCosine(),
        false);
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void gradientsMatchFiniteDifferences(List<Node> nodes) {
    SimSiam method = method(nodes);
    NetworkLayout layout = new NetworkLayout(method.parameters());
    SortedMap<String, Tensor> weights = layout.initialise(3);
    float[] views = Networks.pixels(2 * N, SIZE, 5);
    ReferenceStep reference = new ReferenceStep(method, weights, views, N, SIZE);
    try (Parameters parameters = new Parameters(layout);
        Kernels kernels = kernelSet.over(parameters);
        TrainingStep step = new TrainingStep(method, kernels, N, SIZE, ElementType.FLOAT32)) {
      parameters.importWeights(weights);
      step.run(views, new float[0]);
      assertThat(step.run(views, new float[0]).loss()).isCloseTo(reference.loss(), within(1e-6));
      parameters
          .exportGradients()
          .forEach(
              (name, gradient) -> {
                for (int i = 0; i < gradient.data().length; i += 5) {
                  double expected = reference.derivative(name, i, 1e-6);
                  assertThat((double) gradient.data()[i])
                      .as("%s[%s]", name, i)
                      .isCloseTo(expected, within(1e-3 * Math.abs(expected) + 1e-5));
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("backbones")
  void evaluatesAsTheReferenceDoes(List<Node> nodes) {
    SimSiam method = method(nodes);
    NetworkLayout layout = new NetworkLayout(method.parameters());
    SortedMap<String, Tensor> weights = layout.initialise(3);
    float[] images = Networks.pixels(2 * N, SIZE, 5);
    double[][] expected = new ReferenceStep(method, weights, images, N, SIZE).features(1);
    try (Parameters parameters = new Parameters(layout);
        Kernels kernels = kernelSet.over(parameters);
        EvalEncoder encoder =
            new EvalEncoder(
                method.encoder(), kernels, 2 * N, SIZE, List.of(), ElementType.FLOAT32)) {
      parameters.importWeights(weights);
      float[] features = new float[2 * N * WIDTH];
      encoder.encode(images, 2 * N, features, List.of());
      for (int i = 0; i < N * WIDTH; i++) {
        assertThat((double) features[N * WIDTH + i])
            .isCloseTo(expected[i / WIDTH][i % WIDTH], within(1e-5));
      }
    }
  }
}
