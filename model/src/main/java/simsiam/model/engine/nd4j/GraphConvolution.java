package simsiam.model.engine.nd4j;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.ConvSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Node;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;
import simsiam.model.net.Shape;

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

  @Override
  NetworkLayout layout() {
    List<Integer> shape = linear ? List.of(out, in) : List.of(out, in, kernel, kernel);
    return new NetworkLayout(
        List.of(new ParameterSpec("weight", shape, Initial.UNIFORM_FAN_IN, true, false)));
  }

  @Override
  MapShape outputShape(MapShape input) {
    Shape image = new Shape(input.height(), input.width(), in);
    return MapShape.of(input.batch(), image.window(kernel, stride, padding, out));
  }

  @Override
  BoundLayer bind(MapShape shape, Kernels kernels, Arena arena) {
    FeatureMap x = arena.map(shape);
    FeatureMap y = arena.map(outputShape(shape));
    Node node =
        linear
            ? new Node.Linear(NODE, "x", in, out, false)
            : new Node.Convolution(NODE, "x", in, out, kernel, stride, padding);
    return bind(
        x,
        y,
        y,
        arena.map(shape),
        1,
        arena,
        binding -> kernels.product(new Layer.Product(node, "x", NODE), binding));
  }

  @Override
  List<Integer> settings() {
    return List.of(in, out, kernel, stride, padding, linear ? 1 : 0);
  }
}
