package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Node;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;

/** Batch norm with statistics of each view by itself, or a bias; then ReLU if asked. */
public final class GraphScaling extends GraphLayerConf {
  private static final long serialVersionUID = 1L;

  private final int channels;
  private final int views;
  private final boolean batchNorm;
  private final boolean affine;
  private final boolean relu;

  /**
   * Configures the layer.
   *
   * @param views V: in training a batch is V views of as many images, one after the other
   * @param batchNorm a bias if false
   * @param affine whether batch norm has scale and shift
   */
  public GraphScaling(
      @JsonProperty("channels") int channels,
      @JsonProperty("views") int views,
      @JsonProperty("batchNorm") boolean batchNorm,
      @JsonProperty("affine") boolean affine,
      @JsonProperty("relu") boolean relu) {
    this.channels = channels;
    this.views = views;
    this.batchNorm = batchNorm;
    this.affine = affine;
    this.relu = relu;
  }

  @JsonProperty("channels")
  public int channels() {
    return channels;
  }

  @JsonProperty("views")
  public int views() {
    return views;
  }

  @JsonProperty("batchNorm")
  public boolean batchNorm() {
    return batchNorm;
  }

  @JsonProperty("affine")
  public boolean affine() {
    return affine;
  }

  @JsonProperty("relu")
  public boolean relu() {
    return relu;
  }

  @Override
  NetworkLayout layout() {
    List<ParameterSpec> specs = new ArrayList<>();
    if (batchNorm && affine) {
      specs.add(vector("weight", Initial.ONE, true));
    }
    if (!batchNorm || affine) {
      specs.add(vector("bias", Initial.ZERO, true));
    }
    if (batchNorm) {
      specs.add(vector("running_mean", Initial.ZERO, false));
      specs.add(vector("running_var", Initial.ONE, false));
    }
    return new NetworkLayout(specs);
  }

  private ParameterSpec vector(String name, Initial initial, boolean trained) {
    return new ParameterSpec(name, List.of(channels), initial, trained, false);
  }

  @Override
  MapShape outputShape(MapShape input) {
    return input;
  }

  @Override
  BoundLayer bind(MapShape shape, Kernels kernels, Arena arena) {
    FeatureMap y = arena.map(shape);
    FeatureMap out = arena.map(shape);
    // A batch that cannot be views is only ever for eval mode.
    int groups = shape.batch() % views == 0 ? views : 1;
    Layer.Scale scale =
        batchNorm
            ? new Layer.Norm(new Node.BatchNorm(NODE, "y", channels, affine, Initial.ONE))
            : new Layer.Bias(new Node.Linear(NODE, "y", channels, channels, true));
    Layer.Scaling layer = new Layer.Scaling(scale, "y", Optional.empty(), relu, NODE);
    return bind(y, out, out, y, groups, arena, binding -> kernels.scaling(layer, binding));
  }

  @Override
  List<Integer> settings() {
    return List.of(channels, views, batchNorm ? 1 : 0, affine ? 1 : 0, relu ? 1 : 0);
  }
}
