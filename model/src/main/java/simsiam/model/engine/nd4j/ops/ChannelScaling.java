package simsiam.model.engine.nd4j.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.net.Node;

/** A factor and a summand for each channel of one view's rows x [R, C]. */
interface ChannelScaling {
  static ChannelScaling of(
      Layer.Scale scale, FeatureMap x, int view, Context context, Parameters parameters) {
    INDArray rows = ScalingLayer.rows(x, view, context);
    Ops ops = new Ops(context.arena());
    if (scale instanceof Layer.Norm norm) {
      return new BatchNorm(norm.node(), rows, view == 0, context.training(), parameters, ops);
    }
    if (scale instanceof Layer.Bias bias) {
      return new Bias(parameters.get(bias.node().bias()), rows, view == 0, ops);
    }
    return new Unscaled(rows);
  }

  /** Finds the coefficients of this batch, then as {@link #apply}. */
  Kernel forward(INDArray y);

  /** {@code y = factor·x + summand}, by the coefficients found last; y may be x. */
  Kernel apply(INDArray y);

  /**
   * From the gradient of the output to those of the parameters and of x.
   *
   * @param dx where that of x goes, maybe over x; empty if it is not wanted
   */
  Kernel backward(INDArray g, Optional<INDArray> dx);

  private static Kernel inOrder(List<Kernel> kernels) {
    return () -> kernels.forEach(Kernel::run);
  }

  /** A gradient is written over what was there by the first view, and added to by the others. */
  private static void store(INDArray gradient, INDArray made, boolean first) {
    if (first) {
      gradient.assign(made);
    } else {
      gradient.addi(made);
    }
  }

  /** x as it is. */
  record Unscaled(INDArray x) implements ChannelScaling {
    @Override
    public Kernel forward(INDArray y) {
      return apply(y);
    }

    @Override
    public Kernel apply(INDArray y) {
      return () -> y.assign(x);
    }

    @Override
    public Kernel backward(INDArray g, Optional<INDArray> dx) {
      return () -> dx.ifPresent(gradient -> gradient.assign(g));
    }
  }

  /** The bias of a linear layer. */
  record Bias(Parameter bias, INDArray x, boolean first, Ops ops) implements ChannelScaling {
    @Override
    public Kernel forward(INDArray y) {
      return apply(y);
    }

    @Override
    public Kernel apply(INDArray y) {
      return ops.add(x, bias.weight(1, x.columns()), y);
    }

    @Override
    public Kernel backward(INDArray g, Optional<INDArray> dx) {
      List<Kernel> kernels = new ArrayList<>();
      if (bias.spec().trained()) {
        INDArray sum = ops.row(x.columns());
        INDArray gradient = bias.gradient(1, x.columns());
        kernels.add(ops.sumOfRows(g, sum));
        kernels.add(() -> store(gradient, sum, first));
      }
      dx.ifPresent(gradient -> kernels.add(() -> gradient.assign(g)));
      return inOrder(kernels);
    }
  }

  /**
   * Batch norm by the statistics of these rows, or in eval mode by the running ones. Values are
   * centred before they are squared, so that nothing cancels.
   */
  final class BatchNorm implements ChannelScaling {
    private final INDArray x;
    private final boolean first;
    private final boolean training;
    private final Ops ops;
    private final INDArray mean;
    private final INDArray variance;
    private final INDArray inverse; // 1/√(variance + ε)
    private final INDArray factor;
    private final INDArray runningMean;
    private final INDArray runningVariance;
    private final Optional<Parameter> weight;
    private final Optional<Parameter> bias;

    BatchNorm(
        Node.BatchNorm node,
        INDArray x,
        boolean first,
        boolean training,
        Parameters parameters,
        Ops ops) {
      this.x = x;
      this.first = first;
      this.training = training;
      this.ops = ops;
      weight = parameters.find(node.weight());
      bias = parameters.find(node.bias());
      runningMean = parameters.get(node.runningMean()).weight(1, node.channels());
      runningVariance = parameters.get(node.runningVariance()).weight(1, node.channels());
      mean = training ? ops.row(node.channels()) : runningMean;
      variance = training ? ops.row(node.channels()) : runningVariance;
      inverse = ops.row(node.channels());
      factor = weight.isPresent() ? ops.row(node.channels()) : inverse;
    }

    @Override
    public Kernel forward(INDArray y) {
      List<Kernel> kernels = new ArrayList<>();
      if (training) {
        kernels.add(ops.sumOfRows(x, mean));
        kernels.add(() -> mean.divi(x.rows()));
      }
      kernels.add(ops.subtract(x, mean, y));
      if (training) {
        INDArray squares = ScalingLayer.scratch("squares", x, ops.arena());
        kernels.add(ops.multiply(y, y, squares));
        kernels.add(ops.sumOfRows(squares, variance));
        kernels.add(() -> variance.divi(x.rows()));
        kernels.add(this::moveRunning);
      }
      kernels.add(this::findFactor);
      addScaled(kernels, y);
      return inOrder(kernels);
    }

    private void moveRunning() {
      double rows = x.rows();
      runningMean.muli(1 - Node.BatchNorm.MOMENTUM);
      Ops.addScaled(mean, Node.BatchNorm.MOMENTUM, runningMean);
      runningVariance.muli(1 - Node.BatchNorm.MOMENTUM);
      Ops.addScaled(variance, Node.BatchNorm.MOMENTUM * rows / (rows - 1), runningVariance);
    }

    private void findFactor() {
      inverse.assign(variance);
      inverse.addi(Node.BatchNorm.EPSILON);
      Nd4j.getExecutioner().exec(new Sqrt(inverse, inverse));
      inverse.rdivi(1);
      weight.ifPresent(gamma -> inverse.muli(gamma.weight(1, x.columns()), factor));
    }

    /** From centred values to the output. */
    private void addScaled(List<Kernel> kernels, INDArray y) {
      kernels.add(ops.multiply(y, factor, y));
      bias.ifPresent(beta -> kernels.add(ops.add(y, beta.weight(1, x.columns()), y)));
    }

    @Override
    public Kernel apply(INDArray y) {
      List<Kernel> kernels = new ArrayList<>();
      kernels.add(ops.subtract(x, mean, y));
      addScaled(kernels, y);
      return inOrder(kernels);
    }

    /** {@code dx = factor·(g - Σg/R - (x - mean)·Σ(g·(x - mean))/(R·(variance + ε)))}. */
    @Override
    public Kernel backward(INDArray g, Optional<INDArray> dx) {
      INDArray centred = ScalingLayer.scratch("centred", x, ops.arena());
      INDArray products = ScalingLayer.scratch("squares", x, ops.arena());
      INDArray sum = ops.row(x.columns());
      INDArray product = ops.row(x.columns());
      List<Kernel> kernels = new ArrayList<>();
      kernels.add(ops.subtract(x, mean, centred));
      kernels.add(ops.multiply(centred, g, products));
      kernels.add(ops.sumOfRows(products, product));
      kernels.add(ops.sumOfRows(g, sum));
      kernels.add(() -> product.muli(inverse));
      storeGradient(kernels, weight, product);
      storeGradient(kernels, bias, sum);
      dx.ifPresent(
          gradient -> {
            kernels.add(() -> product.muli(inverse).divi(-x.rows()));
            kernels.add(() -> sum.divi(-x.rows()));
            kernels.add(ops.multiply(centred, product, centred));
            kernels.add(() -> centred.addi(g));
            kernels.add(ops.add(centred, sum, centred));
            kernels.add(ops.multiply(centred, factor, gradient));
          });
      return inOrder(kernels);
    }

    private void storeGradient(List<Kernel> kernels, Optional<Parameter> parameter, INDArray made) {
      parameter
          .filter(p -> p.spec().trained())
          .map(p -> p.gradient(1, x.columns()))
          .ifPresent(gradient -> kernels.add(() -> store(gradient, made, first)));
    }
  }
}
