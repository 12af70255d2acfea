package simsiam.model.engine.nd4j.kernels;

import java.util.List;
import java.util.Optional;

/**
 * The maps that a layer works on, and what it works within.
 *
 * @param x what it reads; of two operands of a sum the first
 * @param shortcut the second operand, if there is one
 * @param y what it makes; of a {@link simsiam.model.engine.nd4j.plan.Layer.Scaling} maybe x itself
 * @param gradients empty if there is no backward pass
 */
public record Binding(
    FeatureMap x,
    Optional<FeatureMap> shortcut,
    FeatureMap y,
    Optional<Gradients> gradients,
    Context context) {

  /**
   * Where the backward pass finds and leaves gradients.
   *
   * @param output that of y: the sum of one or two maps, which saves a pass over memory at every
   *     shortcut
   * @param input where that of x goes, over x if need be; empty if it is not wanted
   * @param shortcut where that of the second operand goes, if that is scaled; over it if need be
   * @param addToInput whether that of x is added to what is there
   */
  public record Gradients(
      List<FeatureMap> output,
      Optional<FeatureMap> input,
      Optional<FeatureMap> shortcut,
      boolean addToInput) {
    public Gradients {
      output = List.copyOf(output);
    }

    /** The only map of the output's gradient, or the first of two. */
    public FeatureMap first() {
      return output.get(0);
    }

    /** The second of two. */
    public Optional<FeatureMap> second() {
      return output.size() > 1 ? Optional.of(output.get(1)) : Optional.empty();
    }
  }

  /**
   * What all layers of one program share.
   *
   * @param arena takes care of memory and kernels
   * @param views V, the groups of rows with batch-norm statistics of their own
   * @param training whether statistics are the batch's own, rather than the running ones
   */
  public record Context(Arena arena, int views, boolean training) {}

  /**
   * A layer bound to its maps.
   *
   * @param backward empty if there is no backward pass
   */
  public record Bound(List<Operation> forward, List<Operation> backward) {
    public Bound {
      forward = List.copyOf(forward);
      backward = List.copyOf(backward);
    }
  }
}
