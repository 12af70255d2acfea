package simsiam.model.engine.nd4j.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.floating.Mean;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
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
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.Method;
import simsiam.model.net.Node;

/** Kernels of ND4J's own operations, for whichever backend ND4J runs on. */
public final class OpsKernels implements Kernels {
  private final Parameters parameters;

  public OpsKernels(Parameters parameters) {
    this.parameters = parameters;
  }

  @Override
  public Bound product(Layer.Product layer, Binding to) {
    return layer.node() instanceof Node.Linear linear
        ? linear(linear, to)
        : convolution((Node.Convolution) layer.node(), to);
  }

  private Bound linear(Node.Linear node, Binding to) {
    Parameter weight = parameters.get(node.weight());
    INDArray w = weight.weight(node.in(), node.out());
    INDArray x = to.x().matrix();
    Ops ops = new Ops(to.context().arena());
    List<Operation> backward = new ArrayList<>();
    if (to.gradients().isPresent()) {
      Gradients gradients = to.gradients().get();
      INDArray g = gradients.first().matrix();
      if (weight.spec().trained()) {
        INDArray dw = weight.gradient(node.in(), node.out());
        backward.add(new Operation(Kind.LINEAR, ops.product(x, true, g, false, dw, false)));
      }
      if (gradients.input().isPresent()) {
        INDArray dx = gradients.input().get().matrix();
        boolean accumulate = gradients.addToInput();
        backward.add(new Operation(Kind.LINEAR, ops.product(g, false, w, true, dx, accumulate)));
      }
    }
    Kernel forward = ops.product(x, false, w, false, to.y().matrix(), false);
    return new Bound(List.of(new Operation(Kind.LINEAR, forward)), backward);
  }

  private Bound convolution(Node.Convolution node, Binding to) {
    Parameter weight = parameters.get(node.weight());
    long k = node.kernel();
    INDArray w = weight.weight(k, k, node.in(), node.out());
    INDArray x = to.x().nhwc();
    Ops ops = new Ops(to.context().arena());
    // Window, strides, padding, dilation; padding as given, NHWC, weights [kH, kW, in, out].
    long[] window = {k, k, node.stride(), node.stride(), node.padding(), node.padding(), 1, 1};
    long[] settings = concat(window, 0, 1, 0);
    Kernel forward = ops.op("conv2d", List.of(x, w), List.of(to.y().nhwc()), settings);
    return new Bound(
        List.of(new Operation(Kind.CONVOLUTION, forward)),
        to.gradients()
            .map(
                gradients -> {
                  INDArray g = gradients.first().nhwc();
                  INDArray dw = weight.gradient(k, k, node.in(), node.out());
                  Target dx = new Target(to.x(), gradients, ops);
                  List<INDArray> made = List.of(dx.written(), dw);
                  Kernel op = ops.op("conv2d_bp", List.of(x, w, g), made, settings);
                  return List.of(new Operation(Kind.WEIGHT_GRADIENT, dx.after(op)));
                })
            .orElse(List.of()));
  }

  /**
   * Where an operation that makes the gradient of its input may write it: not over the input, which
   * it still reads, nor over what is to be added to.
   */
  private static final class Target {
    private final INDArray written;
    private final Optional<INDArray> wanted;
    private final boolean add;

    Target(FeatureMap x, Gradients gradients, Ops ops) {
      add = gradients.addToInput();
      wanted = gradients.input().map(FeatureMap::nhwc);
      boolean direct =
          gradients.input().filter(dx -> dx.storage() != x.storage() && !add).isPresent();
      written =
          direct
              ? wanted.get()
              : new FeatureMap(
                      x.shape(), ops.arena().shared("gradient of an input", x.shape().size()))
                  .nhwc();
    }

    INDArray written() {
      return written;
    }

    Kernel after(Kernel op) {
      return () -> {
        op.run();
        if (add) {
          wanted.ifPresent(dx -> dx.addi(written));
        } else {
          wanted.filter(dx -> dx != written).ifPresent(dx -> dx.assign(written));
        }
      };
    }
  }

  private static long[] concat(long[] first, long... second) {
    long[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Override
  public Bound scaling(Layer.Scaling layer, Binding to) {
    return new ScalingLayer(layer, to, parameters).bound();
  }

  @Override
  public Bound folded(Layer.Folded layer, Binding to) {
    to.x().nhwc(); // refuses bf16, the only maps with which this is asked for
    throw new IllegalStateException(
        "Cannot fold a batch norm: expected maps of bf16, got float32 (%s)"
            .formatted(layer.output()));
  }

  @Override
  public Bound pooling(Layer.Pooling layer, Binding to) {
    Ops ops = new Ops(to.context().arena());
    return layer.node() instanceof Node.MaxPool node
        ? maxPool(node, to, ops)
        : averagePool(to, ops);
  }

  private static Bound maxPool(Node.MaxPool node, Binding to, Ops ops) {
    INDArray x = to.x().nhwc();
    long k = node.kernel();
    // Window, strides, padding, dilation; padding as given, nothing, NHWC.
    long[] window = {k, k, node.stride(), node.stride(), node.padding(), node.padding(), 1, 1};
    long[] settings = concat(window, 0, 0, 1);
    Kernel forward = ops.op("maxpool2d", List.of(x), List.of(to.y().nhwc()), settings);
    return new Bound(
        List.of(new Operation(Kind.POOLING, forward)),
        to.gradients()
            .filter(gradients -> gradients.input().isPresent())
            .map(
                gradients -> {
                  INDArray g = gradients.first().nhwc();
                  Target dx = new Target(to.x(), gradients, ops);
                  List<INDArray> made = List.of(dx.written());
                  Kernel op = dx.after(ops.op("maxpool2d_bp", List.of(x, g), made, settings));
                  Optional<INDArray> second = gradients.second().map(FeatureMap::nhwc);
                  Kernel all =
                      () -> {
                        second.ifPresent(g::addi);
                        op.run();
                      };
                  return List.of(new Operation(Kind.POOLING, all));
                })
            .orElse(List.of()));
  }

  private static Bound averagePool(Binding to, Ops ops) {
    MapShape in = to.x().shape();
    int pixels = in.height() * in.width();
    INDArray x = to.x().storage().view(0, in.batch(), pixels, in.channels());
    INDArray y = to.y().matrix();
    Kernel forward = () -> Nd4j.getExecutioner().exec(new Mean(x, y, 1));
    List<Operation> backward = new ArrayList<>();
    if (to.gradients().isPresent() && to.gradients().get().input().isPresent()) {
      INDArray g = to.gradients().get().first().storage().view(0, in.batch(), 1, in.channels());
      FeatureMap map = to.gradients().get().input().get();
      INDArray dx = map.storage().view(0, in.batch(), pixels, in.channels());
      Kernel spread = ops.add(dx, g, dx);
      backward.add(
          new Operation(
              Kind.POOLING,
              () -> {
                g.divi(pixels);
                dx.assign(0);
                spread.run();
              }));
    }
    return new Bound(List.of(new Operation(Kind.POOLING, forward)), backward);
  }

  @Override
  public Bound grid(Layer.Grid layer, Binding to) {
    MapShape in = to.x().shape();
    int side = layer.side();
    INDArray x = to.x().nhwc();
    INDArray y = to.y().nhwc();
    List<Kernel> cells = new ArrayList<>();
    for (int i = 0; i < side * side; i++) {
      int row = i / side;
      int column = i % side;
      INDArray cell =
          x.get(
              NDArrayIndex.all(),
              NDArrayIndex.interval(row * in.height() / side, end(row, in.height(), side)),
              NDArrayIndex.interval(column * in.width() / side, end(column, in.width(), side)),
              NDArrayIndex.all());
      INDArray mean =
          y.get(
              NDArrayIndex.all(),
              NDArrayIndex.point(row),
              NDArrayIndex.point(column),
              NDArrayIndex.all());
      cells.add(() -> mean.assign(cell.mean(1, 2)));
    }
    return new Bound(
        List.of(new Operation(Kind.POOLING, () -> cells.forEach(Kernel::run))), List.of());
  }

  /** One past the last line of a cell. */
  private static int end(int cell, int lines, int cells) {
    return ((cell + 1) * lines + cells - 1) / cells;
  }

  @Override
  public Operation sum(FeatureMap into, FeatureMap added, Context context) {
    INDArray target = into.matrix();
    INDArray other = added.matrix();
    return new Operation(Kind.NORM_BACKWARD, () -> target.addi(other));
  }

  @Override
  public Objective objective(
      Method method,
      Map<String, FeatureMap> outputs,
      Map<String, FeatureMap> gradients,
      Context context) {
    return new OpsObjective(method, outputs, gradients, new Ops(context.arena()));
  }

  /** SGD with heavy-ball momentum and weight decay added to the gradient before it. */
  @Override
  public void update(Rates rates) {
    update(0, parameters.encoderEnd(), rates, rates.encoder());
    update(parameters.encoderEnd(), parameters.predictorEnd(), rates, rates.predictor());
  }

  private void update(int from, int to, Rates rates, double rate) {
    if (to == from) {
      return; // no predictor, or one that is not trained
    }
    INDArray weights = parameters.weights().view(from, to - from);
    INDArray gradients = parameters.gradients().view(from, to - from);
    INDArray momentum = parameters.momentum().view(from, to - from);
    Ops.addScaled(weights, rates.weightDecay(), gradients);
    momentum.muli(rates.momentum());
    momentum.addi(gradients);
    Ops.addScaled(momentum, -rate, weights);
  }

  @Override
  public void close() {}
}
