package simsiam.model.engine.nd4j;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import simsiam.model.net.ConvSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;

/** A convolution, or on matrices a linear layer (a kernel of 1), without bias. */
public final class GraphConvolution extends GraphLayerConf {
  private static final long serialVersionUID = 1L;

  private final int in;
  private final int out;
  private final int kernel;
  private final int stride;
  private final int padding;
  private final boolean linear;

  /**
   * Configures the layer.
   *
   * @param in channels of the input
   * @param out channels of the output
   * @param kernel pixels a side of the window
   * @param linear whether its weight is a matrix in a checkpoint, rather than a 1×1 kernel
   */
  public GraphConvolution(
      @JsonProperty("in") int in,
      @JsonProperty("out") int out,
      @JsonProperty("kernel") int kernel,
      @JsonProperty("stride") int stride,
      @JsonProperty("padding") int padding,
      @JsonProperty("linear") boolean linear) {
    this.in = in;
    this.out = out;
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
    this.linear = linear;
  }

  static GraphConvolution of(ConvSpec conv) {
    return new GraphConvolution(
        conv.in(), conv.out(), conv.kernel(), conv.stride(), conv.padding(), false);
  }

  @JsonProperty("in")
  public int in() {
    return in;
  }

  @JsonProperty("out")
  public int out() {
    return out;
  }

  @JsonProperty("kernel")
  public int kernel() {
    return kernel;
  }

  @JsonProperty("stride")
  public int stride() {
    return stride;
  }

  @JsonProperty("padding")
  public int padding() {
    return padding;
  }

  @JsonProperty("linear")
  public boolean linear() {
    return linear;
  }

  private ConvSpec spec() {
    return new ConvSpec("", "", in, out, kernel, stride, padding);
  }

  @Override
  NetworkLayout layout() {
    List<Integer> shape = linear ? List.of(out, in) : List.of(out, in, kernel, kernel);
    return new NetworkLayout(
        List.of(new ParameterSpec("weight", shape, Initial.UNIFORM_FAN_IN, true, false)));
  }

  @Override
  MapShape outputShape(MapShape input) {
    return input.after(spec());
  }

  @Override
  BoundLayer bind(MapShape shape, Parameters parameters, Arena arena) {
    FeatureMap x = arena.map(shape);
    FeatureMap y = arena.map(outputShape(shape));
    FeatureMap dx = arena.map(shape);
    boolean sparse = kernel == 1 && stride > 1; // such a layer adds to what is in dx
    Convolution convolution =
        Convolution.of(
            spec(),
            parameters.get("weight"),
            new Convolution.Binding(x, y, dx, sparse, true, arena));
    Kernel forward = () -> convolution.forward().forEach(o -> o.kernel().run());
    Kernel backward =
        () -> {
          if (sparse) {
            dx.matrix().assign(0);
          }
          convolution.backward().forEach(o -> o.kernel().run());
        };
    return new BoundLayer(x, y, y, dx, forward, forward, backward);
  }

  @Override
  List<Integer> settings() {
    return List.of(in, out, kernel, stride, padding, linear ? 1 : 0);
  }
}
