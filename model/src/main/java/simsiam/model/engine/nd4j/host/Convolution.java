package simsiam.model.engine.nd4j.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.BoundOp;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.onednn.SpatialConvolution;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.Node;

/** A convolution, or a linear layer without its bias, bound to its maps. */
final class Convolution {
  private final Parameter weight;
  private final Binding to;
  private final Arena arena;
  private final Workers workers;

  Convolution(Parameter weight, Binding to, Workers workers) {
    this.weight = weight;
    this.to = to;
    this.workers = workers;
    arena = to.context().arena();
  }

  Bound linear() {
    return product(to.x(), inputGradient(), addsToInput(), Kind.LINEAR);
  }

  Bound convolution(Node.Convolution node) {
    if (node.kernel() > 1 || node.padding() > 0 || to.x().isBfloat16()) {
      return spatial(node);
    }
    return node.stride() > 1
        ? strided(node)
        : product(to.x(), inputGradient(), addsToInput(), Kind.CONVOLUTION);
  }

  private Optional<FeatureMap> inputGradient() {
    return to.gradients().flatMap(Gradients::input);
  }

  private boolean addsToInput() {
    return to.gradients().map(Gradients::addToInput).orElse(false);
  }

  /** A matrix product over rows: a linear layer, or a convolution of one pixel. */
  private Bound product(FeatureMap input, Optional<FeatureMap> dInput, boolean add, Kind kind) {
    int out = weight.spec().shape().get(0);
    int in = weight.spec().shape().get(1);
    INDArray w = weight.weight(in, out);
    INDArray x = input.matrix();
    INDArray y = to.y().matrix();
    boolean linear = kind == Kind.LINEAR;
    List<Operation> backward = new ArrayList<>();
    if (to.gradients().isPresent()) {
      INDArray dy = to.gradients().get().first().matrix();
      if (weight.spec().trained()) {
        Kernel dw = arena.own(BoundOp.product(x, true, dy, false, weight.gradient(in, out), false));
        backward.add(new Operation(linear ? kind : Kind.WEIGHT_GRADIENT, dw));
      }
      if (dInput.isPresent()) {
        Kernel dx = arena.own(BoundOp.product(dy, false, w, true, dInput.get().matrix(), add));
        backward.add(new Operation(linear ? kind : Kind.INPUT_GRADIENT, dx));
      }
    }
    Kernel forward = arena.own(BoundOp.product(x, false, w, false, y, false));
    return new Bound(List.of(new Operation(kind, forward)), backward);
  }

  /** One pixel, stride above 1: a matrix product over the pixels read. */
  private Bound strided(Node.Convolution node) {
    MapShape out = to.y().shape();
    FeatureMap read = arena.map(new MapShape(out.batch(), out.height(), out.width(), node.in()));
    Subsample pixels = new Subsample(to.x(), read, node.stride(), workers);
    Optional<FeatureMap> dx = inputGradient();
    boolean add = addsToInput();
    Bound product = product(read, dx.map(map -> read), false, Kind.CONVOLUTION);
    List<Operation> forward = new ArrayList<>(product.forward());
    forward.add(0, new Operation(Kind.CONVOLUTION, pixels::gather));
    List<Operation> backward = new ArrayList<>(product.backward());
    dx.ifPresent(
        map -> backward.add(new Operation(Kind.INPUT_GRADIENT, () -> pixels.scatter(map, add))));
    return new Bound(forward, backward);
  }

  /** Not ND4J's {@code conv2d} and {@code conv2d_bp}, which spend their time on layouts. */
  @SuppressWarnings("try") // the scope works by being open
  private Bound spatial(Node.Convolution node) {
    try (PointerScope scope = new PointerScope()) {
      SpatialConvolution passes = new SpatialConvolution(node, weight, to);
      List<Operation> backward = new ArrayList<>();
      if (to.gradients().isPresent()) {
        if (weight.spec().trained()) {
          backward.add(new Operation(Kind.WEIGHT_GRADIENT, passes.weightGradient()));
        }
        if (to.gradients().get().input().isPresent()) {
          backward.add(new Operation(Kind.INPUT_GRADIENT, passes.inputGradient()));
        }
      }
      return new Bound(List.of(new Operation(Kind.CONVOLUTION, passes.forward())), backward);
    }
  }
}
