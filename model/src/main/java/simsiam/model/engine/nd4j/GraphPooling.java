package simsiam.model.engine.nd4j;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import simsiam.model.net.NetworkLayout;

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

  @Override
  MapShape outputShape(MapShape input) {
    return average ? MapShape.matrix(input.batch(), input.channels()) : MaxPool.shape(input);
  }

  @Override
  BoundLayer bind(MapShape shape, Parameters parameters, Arena arena) {
    FeatureMap x = arena.map(shape);
    FeatureMap out = arena.map(outputShape(shape));
    if (average) {
      AveragePool pool = new AveragePool(x, out, arena.workers());
      Kernel backward = () -> pool.backward(out, x);
      return new BoundLayer(x, out, out, x, pool::forward, pool::forward, backward);
    }
    MaxPool pool = new MaxPool(x, out, arena.workers());
    Kernel backward = () -> pool.backward(Gradient.of(out), x);
    return new BoundLayer(x, out, out, x, pool::forward, pool::forward, backward);
  }

  @Override
  List<Integer> settings() {
    return List.of(average ? 1 : 0);
  }
}
