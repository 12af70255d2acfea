package simsiam.model.engine.nd4j;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.TensorCheck;
import simsiam.model.engine.nd4j.kernels.WeightOrder;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.ConvSpec;
import simsiam.model.net.HeadLayer;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ResNetPlan;
import simsiam.model.net.Tensor;

/**
 * A network as a DL4J {@code ComputationGraph} on our layers. Its input {@value #INPUT} is
 * normalised pixels [N, S, S, 3]; vertices are named as the tensors of the checkpoint; the pooled
 * features [N, D] are vertex {@value #FEATURES}, the output. DL4J's {@code ModelSerializer} writes
 * and restores it where these classes are on the class path.
 */
public final class NetworkGraph {
  public static final String INPUT = "images";
  public static final String FEATURES = "backbone.avgpool";

  private final NetworkSpec spec;
  private final int views;
  private final GraphBuilder builder;
  // Prefix of the tensors of each vertex that has some.
  private final Map<String, String> prefixes = new LinkedHashMap<>();

  private NetworkGraph(NetworkSpec spec, int views) {
    this.spec = spec;
    this.views = views;
    // In training our layers keep what backward needs in memory of their own, where DL4J's
    // workspaces gain nothing; outside it they spare an allocation for every layer's output.
    builder =
        new NeuralNetConfiguration.Builder()
            .activation(Activation.IDENTITY)
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .graphBuilder()
            .addInputs(INPUT);
  }

  /**
   * The backbone, from pixels to features: what {@link simsiam.model.engine.TrainingNet#encode} is.
   *
   * @param weights of the whole network, or of the backbone alone
   */
  public static ComputationGraph encoder(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    NetworkGraph graph = new NetworkGraph(spec, 1);
    graph.addBackbone();
    return graph.build(FEATURES, weights);
  }

  /**
   * Backbone, projector and predictor, from pixels to p. In training mode a batch is the V views of
   * N images one after the other, and batch norm takes each view by itself.
   */
  public static ComputationGraph network(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    TensorCheck.check("weights", NetworkLayout.of(spec).parameters(), weights);
    NetworkGraph graph = new NetworkGraph(spec, spec.objective().symmetry().views());
    String x = graph.addBackbone();
    for (HeadLayer layer : HeadLayer.projector(spec)) {
      x = graph.addLinear(layer, x);
    }
    for (HeadLayer layer : HeadLayer.predictor(spec)) {
      x = graph.addLinear(layer, x);
    }
    return graph.build(x, weights);
  }

  private String addBackbone() {
    ResNetPlan plan = ResNetPlan.of(spec.encoder());
    String x = addConvolution(plan.stem(), INPUT, true);
    if (plan.maxPool()) {
      x = add("backbone.maxpool", new GraphPooling(false), x);
    }
    for (BlockSpec block : plan.blocks()) {
      x = addBlock(block, x);
    }
    return add(FEATURES, new GraphPooling(true), x);
  }

  private String addBlock(BlockSpec block, String input) {
    String x = input;
    List<ConvSpec> convolutions = block.convolutions();
    for (int i = 0; i < convolutions.size(); i++) {
      x = addConvolution(convolutions.get(i), x, i + 1 < convolutions.size());
    }
    String shortcut =
        block.downsample().map(conv -> addConvolution(conv, input, false)).orElse(input);
    String name = convolutions.get(0).name().replaceAll("\\.conv1$", "");
    ElementWiseVertex sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
    builder.addVertex(name + ".sum", sum, x, shortcut);
    builder.addLayer(name + ".relu", new ActivationLayer(Activation.RELU), name + ".sum");
    return name + ".relu";
  }

  private String addConvolution(ConvSpec conv, String x, boolean relu) {
    String y = add(conv.name(), GraphConvolution.of(conv), x);
    return add(conv.norm(), new GraphScaling(conv.out(), views, true, true, relu), y);
  }

  private String addLinear(HeadLayer layer, String x) {
    String y = add(layer.name(), new GraphConvolution(layer.in(), layer.out(), 1, 1, 0, true), x);
    GraphScaling scaling =
        new GraphScaling(layer.out(), views, layer.batchNorm(), layer.affine(), layer.relu());
    add(layer.norm(), scaling, y);
    prefixes.put(layer.norm(), layer.batchNorm() ? layer.norm() : layer.name());
    return layer.norm();
  }

  private String add(String name, GraphLayerConf layer, String x) {
    builder.addLayer(name, layer, x);
    prefixes.put(name, name);
    return name;
  }

  private ComputationGraph build(String output, SortedMap<String, Tensor> weights) {
    ComputationGraph graph = new ComputationGraph(builder.setOutputs(output).build());
    graph.init();
    prefixes.forEach(
        (vertex, prefix) ->
            graph
                .getLayer(vertex)
                .paramTable()
                .forEach((key, view) -> assign(view, weights, prefix + "." + key)));
    return graph;
  }

  private static void assign(INDArray view, SortedMap<String, Tensor> weights, String name) {
    Tensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "Cannot make a graph: expected a tensor " + name + ", got none");
    }
    List<Integer> shape = Arrays.stream(tensor.shape()).mapToObj(Math::toIntExact).toList();
    float[] values = WeightOrder.toEngine(shape, tensor.data());
    view.assign(Nd4j.createFromArray(values).reshape(1, values.length));
  }
}
