package simsiam.model.engine.dl4j;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.nd4j.Nd4jBackend;
import simsiam.model.file.AtomicFile;
import simsiam.model.net.Network;
import simsiam.model.net.Node;
import simsiam.model.net.Tensor;

/**
 * An encoder as a {@code ComputationGraph} of DL4J's own layers, in DL4J's order of axes:
 * normalised pixels [N, 3, S, S], of any N and S, to features [N, D]. Vertices have the names of
 * the {@link Network}'s nodes, which are the prefixes of the checkpoint's tensors. DL4J's {@code
 * ModelSerializer} restores it where there is no class of ours.
 */
public final class Dl4jEncoder {
  /** Under this key {@code ModelSerializer.getObjectFromFile} finds the metadata. */
  public static final String METADATA = "simsiam";

  private static final boolean WITH_UPDATER = false;

  private Dl4jEncoder() {}

  /**
   * Writes the file, whole or not at all.
   *
   * @param weights of the encoder, and possibly of more, by the names of a checkpoint
   * @param metadata text about the encoder, kept in the file as a {@code TreeMap}
   */
  public static void write(
      Network encoder,
      SortedMap<String, Tensor> weights,
      SortedMap<String, String> metadata,
      Path file)
      throws IOException {
    Nd4jBackend.load();
    Path target = file.toAbsolutePath();
    Path aside = AtomicFile.temporary(target);
    ComputationGraph graph = graph(encoder, weights);
    try {
      ModelSerializer.writeModel(graph, aside.toFile(), WITH_UPDATER);
      ModelSerializer.addObjectToFile(aside.toFile(), METADATA, new TreeMap<>(metadata));
      try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      AtomicFile.commit(aside, target);
    } finally {
      graph.close();
      AtomicFile.discard(aside);
    }
  }

  /** The graph itself; to be closed. */
  static ComputationGraph graph(Network encoder, SortedMap<String, Tensor> weights) {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .activation(Activation.IDENTITY)
            .graphBuilder()
            .addInputs(encoder.input());
    List<Parameter> parameters = new ArrayList<>();
    Vertices vertices = new Vertices(builder, parameters);
    encoder.nodes().forEach(node -> node.accept(vertices));
    ComputationGraph graph = new ComputationGraph(builder.setOutputs(encoder.output()).build());
    graph.init();
    for (Parameter parameter : parameters) {
      INDArray array = graph.getLayer(parameter.vertex).getParam(parameter.key);
      Tensor tensor = weights.get(parameter.tensor);
      if (tensor == null || tensor.data().length != array.length()) {
        throw new IllegalArgumentException(
            "Cannot make a graph: expected a tensor %s of %s values, got %s"
                .formatted(
                    parameter.tensor,
                    array.length(),
                    tensor == null ? "none" : "the shape " + Arrays.toString(tensor.shape())));
      }
      array.assign(Nd4j.createFromArray(tensor.data()).reshape(array.shape()));
    }
    return graph;
  }

  /** A tensor of a checkpoint, whose values are in the order of those of a vertex's parameter. */
  private record Parameter(String vertex, String key, String tensor) {}

  /** DL4J's layer or vertex for each node, and the parameters of those that have some. */
  private record Vertices(GraphBuilder builder, List<Parameter> parameters)
      implements Node.Visitor<GraphBuilder> {
    @Override
    public GraphBuilder convolution(Node.Convolution node) {
      parameters.add(new Parameter(node.name(), "W", node.weight()));
      return layer(
          node,
          new ConvolutionLayer.Builder()
              .kernelSize(node.kernel(), node.kernel())
              .stride(node.stride(), node.stride())
              .padding(node.padding(), node.padding())
              .convolutionMode(ConvolutionMode.Truncate)
              .nIn(node.in())
              .nOut(node.out())
              .hasBias(false)
              .build());
    }

    @Override
    public GraphBuilder batchNorm(Node.BatchNorm node) {
      if (node.affine()) {
        parameters.add(new Parameter(node.name(), "gamma", node.weight()));
        parameters.add(new Parameter(node.name(), "beta", node.bias()));
      }
      parameters.add(new Parameter(node.name(), "mean", node.runningMean()));
      parameters.add(new Parameter(node.name(), "var", node.runningVariance()));
      return layer(
          node,
          new BatchNormalization.Builder()
              .nIn(node.channels())
              .nOut(node.channels())
              .eps(Node.BatchNorm.EPSILON)
              .decay(1 - Node.BatchNorm.MOMENTUM)
              .useLogStd(false) // the variance as it is, not its logarithm
              .build());
    }

    @Override
    public GraphBuilder relu(Node.Relu node) {
      return layer(node, new ActivationLayer(Activation.RELU));
    }

    @Override
    public GraphBuilder add(Node.Add node) {
      ElementWiseVertex sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
      return builder.addVertex(node.name(), sum, node.left(), node.right());
    }

    @Override
    public GraphBuilder maxPool(Node.MaxPool node) {
      return layer(
          node,
          new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
              .kernelSize(node.kernel(), node.kernel())
              .stride(node.stride(), node.stride())
              .padding(node.padding(), node.padding())
              .convolutionMode(ConvolutionMode.Truncate)
              .build());
    }

    @Override
    public GraphBuilder globalAveragePool(Node.GlobalAveragePool node) {
      return layer(node, new GlobalPoolingLayer(PoolingType.AVG));
    }

    /** The heads are never exported. */
    @Override
    public GraphBuilder linear(Node.Linear node) {
      throw new IllegalArgumentException(
          "Cannot make a graph: expected an encoder, which ends with its pooling, got "
              + node.name());
    }

    private GraphBuilder layer(Node node, Layer layer) {
      return builder.addLayer(node.name(), layer, node.inputs().get(0));
    }
  }
}
