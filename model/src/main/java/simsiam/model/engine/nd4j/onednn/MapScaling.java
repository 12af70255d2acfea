package simsiam.model.engine.nd4j.onednn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.Layer.Mask;
import simsiam.model.engine.nd4j.plan.Layer.Norm;

/**
 * A {@link Layer.Scaling} on bf16 maps, of oneDNN's primitives: Java has no vector instructions
 * between bf16 and float32. A ReLU behind a batch norm alone is part of it, one behind a sum part
 * of the sum. Made within a {@link org.bytedeco.javacpp.PointerScope}.
 */
public final class MapScaling {
  private final Layer.Scaling layer;
  private final Binding to;
  private final Parameters parameters;
  private final Arena arena;
  private final Optional<MapNorm> main;
  private final Optional<MapNorm> other;

  public MapScaling(Layer.Scaling layer, Binding to, Parameters parameters) {
    this.layer = layer;
    this.to = to;
    this.parameters = parameters;
    arena = to.context().arena();
    main = norm(layer.scale(), to.x(), layer.relu() && to.shortcut().isEmpty());
    other =
        layer
            .shortcut()
            .flatMap(shortcut -> norm(shortcut.scale(), to.shortcut().orElseThrow(), false));
  }

  private Optional<MapNorm> norm(Layer.Scale scale, FeatureMap x, boolean relu) {
    if (scale instanceof Norm norm) {
      return Optional.of(new MapNorm(norm.node(), parameters, x, relu, to.context()));
    }
    if (scale instanceof Layer.Identity) {
      return Optional.empty();
    }
    throw new IllegalStateException(
        "Cannot bind a layer: expected a batch norm on maps of bf16, got a bias (%s)"
            .formatted(layer.output()));
  }

  public Bound bound() {
    return new Bound(
        operations(Kind.NORM_FORWARD, forward()),
        to.gradients()
            .map(gradients -> operations(Kind.NORM_BACKWARD, backward(gradients)))
            .orElse(List.of()));
  }

  private static List<Operation> operations(Kind kind, List<Kernel> kernels) {
    return kernels.stream().map(kernel -> new Operation(kind, kernel)).toList();
  }

  private List<Kernel> forward() {
    List<Kernel> kernels = new ArrayList<>();
    FeatureMap y = to.y();
    main.ifPresent(norm -> kernels.addAll(norm.forward(y)));
    FeatureMap scaled = main.isPresent() ? y : to.x();
    if (to.shortcut().isPresent()) {
      FeatureMap added = to.shortcut().get();
      if (other.isPresent()) {
        FeatureMap made = MapArithmetic.temporary(added, arena);
        kernels.addAll(other.get().forward(made));
        added = made;
      }
      kernels.add(MapArithmetic.add(scaled, added, y, layer.relu(), arena));
    } else if (main.isEmpty()) {
      kernels.add(
          layer.relu()
              ? MapArithmetic.relu(to.x(), y, arena)
              : MapArithmetic.copy(to.x(), y, arena));
    }
    return kernels;
  }

  private List<Kernel> backward(Gradients gradients) {
    List<Kernel> kernels = new ArrayList<>();
    FeatureMap first = gradients.first();
    gradients
        .second()
        .ifPresent(second -> kernels.add(MapArithmetic.add(first, second, first, false, arena)));
    if (layer.mask() == Mask.BY_OUTPUT) {
      kernels.add(MapArithmetic.mask(to.y(), first, first, arena));
    }
    if (main.isPresent()) {
      kernels.addAll(main.get().backward(first, target(gradients.input(), to.x())));
    } else {
      gradients.input().ifPresent(dx -> kernels.add(unscaled(first, dx)));
    }
    other.ifPresent(
        norm ->
            kernels.addAll(
                norm.backward(first, target(gradients.shortcut(), to.shortcut().orElseThrow()))));
    return kernels;
  }

  /** The gradient of what is not scaled. */
  private Kernel unscaled(FeatureMap dy, FeatureMap dx) {
    return layer.mask() == Mask.BY_INPUT
        ? MapArithmetic.mask(to.x(), dy, dx, arena)
        : MapArithmetic.copy(dy, dx, arena);
  }

  /** oneDNN makes the gradient of an input whether it is wanted or not. */
  private FeatureMap target(Optional<FeatureMap> wanted, FeatureMap like) {
    return wanted.orElseGet(() -> MapArithmetic.temporary(like, arena));
  }
}
