package simsiam.model.engine.nd4j;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ParameterSpec;

/**
 * Configuration of one of our layers in a DL4J {@code ComputationGraph}: the same kernels as the
 * engine's, on maps [N, H, W, C] or matrices [N, C]. Serialised by DL4J as JSON by class name.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public abstract sealed class GraphLayerConf extends BaseLayer
    permits GraphConvolution, GraphScaling, GraphPooling {
  private static final long serialVersionUID = 1L;

  /** The name of the layer as a node of its own network. */
  static final String NODE = "layer";

  /** The layer's tensors, by their name within it, with shapes in the checkpoint's order. */
  abstract NetworkLayout layout();

  /** The layer's tensors, by the names that its node gives them. */
  final NetworkLayout named() {
    return new NetworkLayout(
        layout().parameters().stream()
            .map(
                p ->
                    new ParameterSpec(
                        NODE + "." + p.name(), p.shape(), p.initial(), p.trained(), p.predictor()))
            .toList());
  }

  /** A layer of one network, on maps that it has for itself. */
  static BoundLayer bind(
      FeatureMap x,
      FeatureMap y,
      FeatureMap dy,
      FeatureMap dx,
      int views,
      Arena arena,
      Function<Binding, Bound> layer) {
    Gradients gradients = new Gradients(List.of(dy), Optional.of(dx), Optional.empty(), false);
    Bound training =
        layer.apply(
            new Binding(
                x, Optional.empty(), y, Optional.of(gradients), new Context(arena, views, true)));
    Bound eval =
        layer.apply(
            new Binding(
                x, Optional.empty(), y, Optional.empty(), new Context(arena, views, false)));
    return new BoundLayer(
        x,
        y,
        dy,
        dx,
        () -> training.forward().forEach(o -> o.kernel().run()),
        () -> eval.forward().forEach(o -> o.kernel().run()),
        () -> training.backward().forEach(o -> o.kernel().run()));
  }

  /** The layer on maps of one shape. */
  abstract BoundLayer bind(MapShape input, Kernels kernels, Arena arena);

  /** What distinguishes this configuration from others of its class. */
  abstract List<Integer> settings();

  /** Channels of the output, for maps of this many. */
  abstract MapShape outputShape(MapShape input);

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    GraphLayer layer = new GraphLayer(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialise));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return GraphParameters.INSTANCE;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    if (input instanceof InputType.InputTypeConvolutional maps) {
      int height = (int) maps.getHeight();
      int width = (int) maps.getWidth();
      MapShape out = outputShape(new MapShape(1, height, width, (int) maps.getChannels()));
      return this instanceof GraphPooling pooling && pooling.average()
          ? InputType.feedForward(out.channels())
          : InputType.convolutional(out.height(), out.width(), out.channels(), maps.getFormat());
    }
    MapShape out = outputShape(MapShape.matrix(1, (int) input.arrayElementsPerExample()));
    return InputType.feedForward(out.channels());
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // Channels are always given.
  }

  @Override
  public InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null; // maps are [N, H, W, C] throughout
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return isRunning(name) ? new NoOp() : super.getUpdaterByParam(name);
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return isRunning(name) ? List.of() : getRegularization();
  }

  /** Whether the tensor is a running statistic, which no updater moves. */
  static boolean isRunning(String name) {
    return name.startsWith("running_");
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    long parameters = initializer().numParams(this);
    InputType output = getOutputType(-1, input);
    Map<org.deeplearning4j.nn.conf.CacheMode, Long> none = new TreeMap<>();
    for (var mode : org.deeplearning4j.nn.conf.CacheMode.values()) {
      none.put(mode, 0L);
    }
    return new LayerMemoryReport.Builder(getLayerName(), getClass(), input, output)
        .standardMemory(parameters, parameters)
        .workingMemory(0, 0, none, none)
        .cacheMemory(none, none)
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GraphLayerConf conf
        && getClass() == conf.getClass()
        && super.equals(other)
        && settings().equals(conf.settings());
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), settings());
  }
}
