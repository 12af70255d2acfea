package simsiam.model.engine.nd4j;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Node;
import simsiam.model.net.Shape;

/** The mean over each map, or the 3×3 max-pooling of stride 2 behind the ImageNet stem. */
public final class GraphPooling extends GraphLayerConf {
  private static final long serialVersionUID = 1L;

  private final boolean average;

  public GraphPooling(@JsonProperty("average") boolean average) {
    this.average = average;
  }

  /** Mean over all pixels, to [N, C], rather than max-pooling. */
  @JsonProperty("average")
  public boolean average() {
    return average;
  }

  @Override
  NetworkLayout layout() {
    return new NetworkLayout(List.of());
  }

  private Node node() {
    return average ? new Node.GlobalAveragePool(NODE, "x") : new Node.MaxPool(NODE, "x", 3, 2, 1);
  }

  @Override
  MapShape outputShape(MapShape input) {
    Shape image = new Shape(input.height(), input.width(), input.channels());
    return MapShape.of(input.batch(), node().shape(List.of(image)));
  }

  @Override
  BoundLayer bind(MapShape shape, Kernels kernels, Arena arena) {
    FeatureMap x = arena.map(shape);
    FeatureMap out = arena.map(outputShape(shape));
    Layer.Pooling layer = new Layer.Pooling(node(), "x", NODE);
    return bind(x, out, out, x, 1, arena, binding -> kernels.pooling(layer, binding));
  }

  @Override
  List<Integer> settings() {
    return List.of(average ? 1 : 0);
  }
}
