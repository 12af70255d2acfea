package simsiam.model.engine.nd4j.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import simsiam.model.engine.Rates;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.onednn.FoldedConvolution;
import simsiam.model.engine.nd4j.onednn.MapArithmetic;
import simsiam.model.engine.nd4j.onednn.MapPool;
import simsiam.model.engine.nd4j.onednn.MapScaling;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.Layer.Bias;
import simsiam.model.engine.nd4j.plan.Layer.Norm;
import simsiam.model.net.Method;
import simsiam.model.net.Node;

/**
 * Kernels for the CPU: convolutions by oneDNN, matrix products by ND4J, all else by Java loops on
 * the arrays' memory; on maps of bf16, which convolutions read and make, norms, sums and ReLUs by
 * oneDNN too.
 *
 * <p>Our reductions are cut into parts that depend on shapes alone and summed in order, oneDNN's
 * depend on the number of threads too: a step is a function of weights and batch, bit for bit, at a
 * fixed number of threads.
 */
public final class HostKernels implements Kernels {
  private final Parameters parameters;
  private final Workers workers;
  private final SgdMomentum optimizer;

  public HostKernels(Parameters parameters, int threads) {
    this.parameters = parameters;
    workers = new Workers(threads);
    optimizer = new SgdMomentum(parameters, workers);
  }

  @Override
  public Bound product(Layer.Product layer, Binding to) {
    if (layer.node() instanceof Node.Linear linear) {
      return new Convolution(parameters.get(linear.weight()), to, workers).linear();
    }
    Node.Convolution node = (Node.Convolution) layer.node();
    return new Convolution(parameters.get(node.weight()), to, workers).convolution(node);
  }

  @Override
  public Bound scaling(Layer.Scaling layer, Binding to) {
    return to.x().isBfloat16()
        ? scoped(() -> new MapScaling(layer, to, parameters).bound())
        : loops(layer, to);
  }

  @Override
  public Bound folded(Layer.Folded layer, Binding to) {
    return scoped(() -> new FoldedConvolution(layer, to, parameters).bound());
  }

  /** Frees what only the making of oneDNN's primitives needed. */
  @SuppressWarnings("try") // the scope works by being open
  private static <T> T scoped(Supplier<T> making) {
    try (PointerScope scope = new PointerScope()) {
      return making.get();
    }
  }

  private Bound loops(Layer.Scaling layer, Binding to) {
    Context context = to.context();
    ChannelScaling main = scaling(layer.scale(), to.x(), context);
    ChannelScaling other =
        layer
            .shortcut()
            .filter(shortcut -> !shortcut.plain())
            .map(shortcut -> scaling(shortcut.scale(), to.shortcut().orElseThrow(), context))
            .orElse(null);
    List<Operation> forward = new ArrayList<>();
    forward.add(new Operation(Kind.NORM_FORWARD, main.preparation()));
    if (other != null) {
      forward.add(new Operation(Kind.NORM_FORWARD, other.preparation()));
    }
    forward.add(
        new Operation(
            Kind.NORM_FORWARD,
            to.shortcut().isPresent()
                ? main.applyAdd(to.shortcut().get(), other, to.y(), layer.relu())
                : main.apply(to.y(), layer.relu())));
    return new Bound(
        forward,
        to.gradients()
            .map(gradients -> backward(layer, main, other, to, gradients))
            .orElse(List.of()));
  }

  private List<Operation> backward(
      Layer.Scaling layer,
      ChannelScaling main,
      ChannelScaling other,
      Binding to,
      Gradients gradients) {
    FeatureMap first = gradients.first();
    FeatureMap second = gradients.second().orElse(null);
    FeatureMap dx = gradients.input().orElse(null);
    List<Kernel> kernels = new ArrayList<>(main.backward(first, second, layer.mask(), to.y(), dx));
    if (other != null) {
      // The masked sum, left in the first map, is the gradient of the shortcut too.
      FeatureMap dShortcut = gradients.shortcut().orElse(null);
      kernels.addAll(other.backward(first, null, Layer.Mask.NONE, null, dShortcut));
    }
    return kernels.stream().map(kernel -> new Operation(Kind.NORM_BACKWARD, kernel)).toList();
  }

  private ChannelScaling scaling(Layer.Scale scale, FeatureMap x, Context context) {
    if (scale instanceof Norm norm) {
      return new BatchNorm(
          parameters, norm.node(), x, context.views(), context.training(), workers);
    }
    Optional<Node.Linear> linear =
        scale instanceof Bias bias ? Optional.of(bias.node()) : Optional.empty();
    return new BiasScaling(
        linear.map(node -> parameters.get(node.bias())), x, context.views(), workers);
  }

  @Override
  public Bound pooling(Layer.Pooling layer, Binding to) {
    if (layer.node() instanceof Node.MaxPool node && to.x().isBfloat16()) {
      return scoped(() -> new MapPool(node, to).bound());
    }
    if (layer.node() instanceof Node.MaxPool node) {
      MaxPool pool = new MaxPool(node, to.x(), to.y(), workers);
      return pooling(pool::forward, to, (gradients, dx) -> pool.backward(gradients, dx));
    }
    AveragePool pool = new AveragePool(to.x(), to.y(), workers);
    return pooling(pool::forward, to, (gradients, dx) -> pool.backward(gradients.first(), dx));
  }

  /** The backward pass of a pooling. */
  private interface PoolingBackward {
    void run(Gradients gradients, FeatureMap dx);
  }

  private static Bound pooling(Runnable forward, Binding to, PoolingBackward backward) {
    List<Operation> operations = new ArrayList<>();
    if (to.gradients().isPresent() && to.gradients().get().input().isPresent()) {
      Gradients gradients = to.gradients().get();
      FeatureMap dx = gradients.input().get();
      operations.add(new Operation(Kind.POOLING, () -> backward.run(gradients, dx)));
    }
    return new Bound(List.of(new Operation(Kind.POOLING, forward::run)), operations);
  }

  @Override
  public Bound grid(Layer.Grid layer, Binding to) {
    GridPool pool = new GridPool(to.x(), to.y(), workers);
    return new Bound(List.of(new Operation(Kind.POOLING, pool::forward)), List.of());
  }

  @Override
  public Operation sum(FeatureMap into, FeatureMap added, Context context) {
    return new Operation(
        Kind.NORM_BACKWARD,
        into.isBfloat16()
            ? scoped(() -> MapArithmetic.add(into, added, into, false, context.arena()))
            : (Kernel) () -> add(into, added));
  }

  private void add(FeatureMap into, FeatureMap added) {
    int line = into.shape().width() * into.shape().channels();
    workers.run(
        into.shape().batch() * into.shape().height(),
        (index, scratch) -> {
          float[] sum = scratch.floats(0, line);
          float[] other = scratch.floats(1, line);
          into.values().get(index * line, sum, 0, line);
          added.values().get(index * line, other, 0, line);
          Loops.add(sum, other, line);
          into.values().put(index * line, sum, 0, line);
        });
  }

  @Override
  public Objective objective(
      Method method,
      Map<String, FeatureMap> outputs,
      Map<String, FeatureMap> gradients,
      Context context) {
    return new RowObjective(method, outputs, gradients, workers);
  }

  @Override
  public List<Operation> arranged(List<Operation> operations, Context context) {
    return TiledChain.arranged(operations, workers, context);
  }

  @Override
  public void update(Rates rates) {
    optimizer.step(rates);
  }

  @Override
  public void close() {
    workers.close();
  }
}
