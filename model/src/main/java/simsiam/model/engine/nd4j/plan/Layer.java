package simsiam.model.engine.nd4j.plan;

import java.util.List;
import java.util.Optional;
import simsiam.model.net.Node;

/**
 * Some nodes of a network that are computed as one, and whose last output alone is written to
 * memory: what {@link Fusion} makes of a graph.
 */
public sealed interface Layer {
  /** The name of what it makes: mostly that of its last node. */
  String output();

  /** The names of what it reads. */
  List<String> inputs();

  /**
   * A convolution, or a linear layer without its bias.
   *
   * @param node a {@link Node.Convolution} or a {@link Node.Linear}
   */
  record Product(Node node, String x, String output) implements Layer {
    @Override
    public List<String> inputs() {
      return List.of(x);
    }

    /** Whether it is a matrix product over pixels, which can add to what is there at no cost. */
    public boolean overPixels() {
      return node instanceof Node.Linear
          || (node instanceof Node.Convolution conv && conv.kernel() == 1 && conv.padding() == 0);
    }
  }

  /**
   * In eval mode a convolution with the batch norm behind it in its kernel and bias, the sum with
   * something else and a ReLU if asked.
   */
  record Folded(
      Node.Convolution convolution,
      Node.BatchNorm norm,
      String x,
      Optional<String> added,
      boolean relu,
      String output)
      implements Layer {
    @Override
    public List<String> inputs() {
      return added.map(other -> List.of(x, other)).orElseGet(() -> List.of(x));
    }
  }

  /** {@code out = scale(y) + shortcut}, then ReLU if asked. */
  record Scaling(Scale scale, String y, Optional<Shortcut> shortcut, boolean relu, String output)
      implements Layer {
    @Override
    public List<String> inputs() {
      return shortcut.map(added -> List.of(y, added.y())).orElseGet(() -> List.of(y));
    }

    /** How the backward pass finds what the ReLU let through. */
    public Mask mask() {
      if (!relu) {
        return Mask.NONE;
      }
      return shortcut.isPresent() ? Mask.BY_OUTPUT : Mask.BY_INPUT;
    }
  }

  /** The sum's other operand, {@code scale(y)}. */
  record Shortcut(Scale scale, String y) {
    /** Whether it is y as it lies, so that the sum's gradient is its own. */
    public boolean plain() {
      return scale instanceof Identity;
    }
  }

  /** A factor and a summand for each channel. */
  sealed interface Scale {}

  /** None. */
  record Identity() implements Scale {}

  /** Those of a batch norm, each view by its own statistics. */
  record Norm(Node.BatchNorm node) implements Scale {}

  /** The bias of a linear layer. */
  record Bias(Node.Linear node) implements Scale {}

  /** Which values a ReLU let through, and how its backward pass knows. */
  enum Mask {
    /** No ReLU. */
    NONE,
    /** Where {@code scale(y) > 0}, computed again. */
    BY_INPUT,
    /** Where the output, kept, is above 0. */
    BY_OUTPUT
  }

  /**
   * A pooling.
   *
   * @param node a {@link Node.MaxPool} or a {@link Node.GlobalAveragePool}
   */
  record Pooling(Node node, String x, String output) implements Layer {
    @Override
    public List<String> inputs() {
      return List.of(x);
    }
  }

  /** The means over a grid of {@code side}×{@code side} cells: a tap, which has no gradient. */
  record Grid(String x, int side, String output) implements Layer {
    @Override
    public List<String> inputs() {
      return List.of(x);
    }
  }
}
