package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import simsiam.model.engine.Rates;
import simsiam.model.engine.nd4j.kernels.WeightOrder;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;

class NetworkGraphTest {
  private static final Rates RATES = new Rates(0.05, 0.1, 0.9, 5e-4);
  private static final int N = 4;
  private static final int SIZE = 20;

  private final float[] views = Networks.pixels(2 * N, SIZE, 1);
  private final INDArray pixels = Nd4j.createFromArray(views).reshape(2 * N, SIZE, SIZE, 3);

  private Nd4jNet trained(NetworkSpec spec) {
    SortedMap<String, Tensor> weights = NetworkLayout.of(spec).initialise(3);
    Nd4jNet net = Networks.net(spec, weights, 2);
    for (int i = 0; i < 3; i++) {
      net.step(views, N, SIZE, RATES);
    }
    return net;
  }

  @ParameterizedTest
  @CsvSource({"RESNET10, CIFAR", "RESNET18, IMAGENET", "RESNET50, IMAGENET"})
  void encodesAsTheNetworkDoesAndSurvivesAFile(Arch arch, Stem stem, @TempDir Path folder)
      throws IOException {
    NetworkSpec spec = Networks.with(new EncoderSpec(arch, stem, 4, false));
    try (Nd4jNet net = trained(spec)) {
      float[] features = new float[2 * N * spec.encoder().featureDim()];
      net.encode(views, 2 * N, SIZE, features);
      ComputationGraph graph = NetworkGraph.encoder(spec, net.exportWeights());
      INDArray output = graph.outputSingle(pixels);
      assertThat(output.shape()).containsExactly(2 * N, spec.encoder().featureDim());
      assertClose(output, features, 1e-5);

      Path file = folder.resolve("encoder.zip");
      ModelSerializer.writeModel(graph, file.toFile(), true);
      ComputationGraph restored = ModelSerializer.restoreComputationGraph(file.toFile());
      assertThat(restored.getConfiguration()).isEqualTo(graph.getConfiguration());
      assertThat(restored.outputSingle(pixels)).isEqualTo(output);
      // Another number of images, as any user of the file may have.
      INDArray three = restored.outputSingle(pixels.get(NDArrayIndex.interval(0, 3)));
      float[] few = three.reshape(three.length()).toFloatVector();
      assertClose(
          output.reshape(output.length()).get(NDArrayIndex.interval(0, few.length)), few, 1e-6);
    }
  }

  @Test
  void backpropagatesAsTheEngineDoes() {
    NetworkSpec spec = Networks.with(new ProjectorSpec(2, 16, true, true, false));
    try (Nd4jNet net = trained(spec)) {
      SortedMap<String, Tensor> weights = net.exportWeights();
      ComputationGraph graph = NetworkGraph.network(spec, weights);
      Map<String, INDArray> activations = graph.feedForward(new INDArray[] {pixels}, true, false);
      INDArray z = activations.get("projector.4");
      INDArray p = activations.get("predictor.4");
      Map<String, INDArray> gradients =
          graph.backpropGradient(cosineGradient(p, z)).gradientForVariable();

      net.gradients(views, N, SIZE);
      net.exportGradients().forEach((name, tensor) -> check(gradients, name, tensor));
      Tensor running = net.exportWeights().get("backbone.bn1.running_var");
      assertClose(graph.getLayer("backbone.bn1").getParam("running_var"), running.data(), 1e-6);
    }
  }

  private static void check(Map<String, INDArray> gradients, String name, Tensor expected) {
    int dot = name.lastIndexOf('.');
    String vertex = name.equals("predictor.3.bias") ? "predictor.4" : name.substring(0, dot);
    INDArray gradient = gradients.get(vertex + "_" + name.substring(dot + 1));
    List<Integer> shape = Arrays.stream(expected.shape()).mapToObj(Math::toIntExact).toList();
    assertClose(gradient, WeightOrder.toEngine(shape, expected.data()), 1e-4);
  }

  /** Gradient by p of the symmetric loss, with z held constant. */
  private static INDArray cosineGradient(INDArray p, INDArray z) {
    INDArray swapped =
        Nd4j.concat(0, z.get(NDArrayIndex.interval(N, 2 * N)), z.get(NDArrayIndex.interval(0, N)));
    INDArray target = swapped.divColumnVector(swapped.norm2(true, 1));
    INDArray norm = p.norm2(true, 1);
    INDArray unit = p.divColumnVector(norm);
    INDArray cosine = unit.mul(target).sum(true, 1);
    return unit.mulColumnVector(cosine).subi(target).diviColumnVector(norm).muli(0.5 / N);
  }

  @Test
  void saysWhichTensorIsMissing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkGraph.encoder(Networks.small(), new TreeMap<>()))
        .withMessage("Cannot make a graph: expected a tensor backbone.conv1.weight, got none");
  }

  private static void assertClose(INDArray array, float[] expected, double tolerance) {
    float[] actual = array.reshape(array.length()).toFloatVector();
    assertThat(actual).hasSameSizeAs(expected);
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance * scale + 1e-9));
    }
  }
}
