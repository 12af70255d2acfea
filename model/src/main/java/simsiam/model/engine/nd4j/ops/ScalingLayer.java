package simsiam.model.engine.nd4j.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.Layer.Mask;

/** {@code y = relu?(scale(x) + shortcut)}, one view after the other. */
final class ScalingLayer {
  private final Layer.Scaling layer;
  private final Binding to;
  private final Parameters parameters;
  private final List<Operation> forward = new ArrayList<>();
  private final List<Operation> backward = new ArrayList<>();

  ScalingLayer(Layer.Scaling layer, Binding to, Parameters parameters) {
    this.layer = layer;
    this.to = to;
    this.parameters = parameters;
    for (int view = 0; view < to.context().views(); view++) {
      bind(view);
    }
  }

  Bound bound() {
    return new Bound(forward, backward);
  }

  private void bind(int view) {
    ChannelScaling main = ChannelScaling.of(layer.scale(), to.x(), view, to.context(), parameters);
    Optional<ChannelScaling> other =
        layer
            .shortcut()
            .filter(shortcut -> !shortcut.plain())
            .map(
                shortcut ->
                    ChannelScaling.of(
                        shortcut.scale(),
                        to.shortcut().orElseThrow(),
                        view,
                        to.context(),
                        parameters));
    INDArray y = rows(to.y(), view, to.context());
    List<Kernel> kernels = new ArrayList<>();
    kernels.add(main.forward(y));
    if (other.isPresent()) {
      INDArray scaled = scratch("scaled shortcut", y, to.context().arena());
      kernels.add(other.get().forward(scaled));
      kernels.add(() -> y.addi(scaled));
    } else if (to.shortcut().isPresent()) {
      INDArray shortcut = rows(to.shortcut().get(), view, to.context());
      kernels.add(() -> y.addi(shortcut));
    }
    if (layer.relu()) {
      kernels.add(() -> Nd4j.getExecutioner().exec(new RectifiedLinear(y, y)));
    }
    forward.add(new Operation(Kind.NORM_FORWARD, () -> kernels.forEach(Kernel::run)));
    to.gradients().ifPresent(gradients -> bindBackward(view, gradients, main, other, y));
  }

  private void bindBackward(
      int view,
      Gradients gradients,
      ChannelScaling main,
      Optional<ChannelScaling> other,
      INDArray y) {
    INDArray g = rows(gradients.first(), view, to.context());
    List<Kernel> kernels = new ArrayList<>();
    gradients
        .second()
        .map(second -> rows(second, view, to.context()))
        .ifPresent(second -> kernels.add(() -> g.addi(second)));
    if (layer.mask() != Mask.NONE) {
      INDArray passed = scratch("mask", g, to.context().arena());
      if (layer.mask() == Mask.BY_INPUT) {
        kernels.add(main.apply(passed));
      }
      INDArray judged = layer.mask() == Mask.BY_INPUT ? passed : y;
      kernels.add(() -> Nd4j.getExecutioner().exec(new Step(judged, passed)));
      kernels.add(() -> g.muli(passed));
    }
    kernels.add(main.backward(g, gradients.input().map(dx -> rows(dx, view, to.context()))));
    other.ifPresent(
        scaling ->
            kernels.add(
                scaling.backward(g, gradients.shortcut().map(dx -> rows(dx, view, to.context())))));
    backward.add(new Operation(Kind.NORM_BACKWARD, () -> kernels.forEach(Kernel::run)));
  }

  /** The rows of one view, as a matrix [R, C]. */
  static INDArray rows(FeatureMap map, int view, Context context) {
    int rows = map.shape().rows() / context.views();
    return map.rows(view * rows, rows);
  }

  /** A matrix like another, for a purpose that lasts no longer than one kernel. */
  static INDArray scratch(String purpose, INDArray like, Arena arena) {
    return arena.shared(purpose, like.length()).view(0, like.rows(), like.columns());
  }
}
