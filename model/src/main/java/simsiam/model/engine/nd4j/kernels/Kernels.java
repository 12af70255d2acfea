package simsiam.model.engine.nd4j.kernels;

import java.util.List;
import java.util.Map;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.net.Method;

/**
 * A set of kernels: how the layers of a plan are computed on arrays of ND4J, over the {@link
 * Parameters} of one network. This is all that a set has to supply; what runs when and on which
 * memory, is the plan's. Maps are NHWC, matrices row-major, parameters in the order of {@link
 * WeightOrder}; rows of a map are view after view.
 *
 * <p>Every method binds a layer once; what it returns is run at every step. What a layer needs
 * besides its maps it takes from the context's {@link Arena} when it is bound, so that a step takes
 * no memory. A forward operation may leave in the kernels' own memory what the backward one needs
 * (statistics, which pixel was the largest). Gradients of trained parameters are written to {@link
 * Parameter#gradient}, over what was there; parameters that are not trained need none. A step is a
 * function of parameters, momentum and batch, bit for bit: nothing else is carried from step to
 * step.
 */
public interface Kernels extends AutoCloseable {
  /**
   * A convolution, or a linear layer without its bias. Backward: the gradient of the weight, if it
   * is trained, from x and that of y (one map); then, if wanted, that of x, which may lie over x.
   * Adding it to what is there is asked of {@link Layer.Product#overPixels} alone.
   */
  Bound product(Layer.Product layer, Binding to);

  /**
   * {@code y = relu?(scale(x) + shortcut)}; y may be x. In training a batch norm takes the
   * statistics of each of the context's views by themselves and moves the running ones, view after
   * view. Backward: the gradient of y is the sum of one or two maps, masked as {@link
   * Layer.Scaling#mask} says; then those of the scales' parameters, of x and of a scaled shortcut,
   * each of which may lie over its values. Where two maps are summed or the mask is by output, the
   * masked sum is left in the first map: it is the gradient of a plain shortcut.
   */
  Bound scaling(Layer.Scaling layer, Binding to);

  /**
   * A convolution with a batch norm of running statistics folded into it; what is added to it is
   * the binding's shortcut, over which y may lie. Forward only, on maps of bf16 only.
   */
  Bound folded(Layer.Folded layer, Binding to);

  /**
   * A max-pooling, whose gradient may be the sum of two maps, or a global average pooling, whose
   * gradient is one. That of x may lie over x.
   */
  Bound pooling(Layer.Pooling layer, Binding to);

  /**
   * Adaptive average pooling to a grid, as PyTorch's {@code AdaptiveAvgPool2d}: cell (i, j) is the
   * mean over lines ⌊i·H/side⌋ to ⌈(i+1)·H/side⌉ - 1 and likewise columns. Forward only.
   */
  Bound grid(Layer.Grid layer, Binding to);

  /** {@code into += added}. */
  Operation sum(FeatureMap into, FeatureMap added, Context context);

  /**
   * The loss and what is measured with it.
   *
   * @param outputs [V·N, d] of the nodes that the method's terms name, and of the one watched;
   *     under {@link Method.Given#NAME} the rows [G·N, d] that a step is given, if it is
   * @param gradients where the loss's gradients by those outputs go, whole maps overwritten: by
   *     every prediction, and by targets that are not held constant; a node that is both gets the
   *     sum
   */
  Objective objective(
      Method method,
      Map<String, FeatureMap> outputs,
      Map<String, FeatureMap> gradients,
      Context context);

  /** A loss bound to its maps. */
  interface Objective {
    Operation operation();

    /** What the last run measured. */
    StepMetrics metrics();
  }

  /**
   * Operations as they are best run one after the other, with the same results bit for bit.
   *
   * @param operations of a pass, in order
   */
  default List<Operation> arranged(List<Operation> operations, Context context) {
    return operations;
  }

  /** One step of the optimiser over all trained parameters, as {@link Rates} says. */
  void update(Rates rates);

  @Override
  void close();
}
