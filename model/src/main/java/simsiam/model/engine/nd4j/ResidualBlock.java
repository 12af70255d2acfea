package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.ConvSpec;

/**
 * A residual block in training. Every convolution keeps its output, over which the backward pass
 * writes its gradient; the gradient of a hidden activation lies over the activation.
 */
final class ResidualBlock {
  /** A convolution with its batch norm. */
  private record Unit(Convolution convolution, BatchNorm norm) {}

  private final Layers layers;
  private final FeatureMap input;
  private final FeatureMap output;
  private final Gradient gradient;
  private final FeatureMap dx;
  private final List<FeatureMap> hidden = new ArrayList<>();
  private final List<Unit> units = new ArrayList<>();
  private final Optional<Unit> shortcut;

  /**
   * Binds a block.
   *
   * @param gradient where that of the output will be found
   * @param spare memory for a gradient, free or holding {@code gradient.second()}
   */
  ResidualBlock(
      BlockSpec spec, Layers layers, FeatureMap input, Gradient gradient, NativeArray spare) {
    this.layers = layers;
    this.input = input;
    this.gradient = gradient;
    output = layers.arena().map(gradient.first().shape());
    dx = new FeatureMap(input.shape(), spare);
    FeatureMap x = input;
    FeatureMap gradientOfX = dx;
    for (ConvSpec conv : spec.convolutions()) {
      units.add(unit(conv, x, gradientOfX, false));
      if (units.size() < spec.convolutions().size()) {
        x = layers.arena().map(x.shape().after(conv));
        gradientOfX = x;
        hidden.add(x);
      }
    }
    shortcut = spec.downsample().map(conv -> unit(conv, input, dx, true));
  }

  private Unit unit(ConvSpec conv, FeatureMap x, FeatureMap gradientOfX, boolean add) {
    FeatureMap y = layers.arena().map(x.shape().after(conv));
    return new Unit(layers.convolution(conv, x, y, gradientOfX, add), layers.norm(conv.norm(), y));
  }

  static MapShape outputShape(BlockSpec spec, MapShape in) {
    for (ConvSpec conv : spec.convolutions()) {
      in = in.after(conv);
    }
    return in;
  }

  FeatureMap output() {
    return output;
  }

  List<Operation> forward() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      Unit unit = units.get(i);
      operations.addAll(unit.convolution.forward());
      operations.add(new Operation(Kind.NORM_FORWARD, unit.norm::prepare));
      if (i < hidden.size()) {
        FeatureMap activation = hidden.get(i);
        operations.add(new Operation(Kind.NORM_FORWARD, () -> unit.norm.apply(activation, true)));
      }
    }
    BatchNorm last = units.get(hidden.size()).norm;
    if (shortcut.isPresent()) {
      Unit projection = shortcut.get();
      operations.addAll(projection.convolution.forward());
      operations.add(new Operation(Kind.NORM_FORWARD, projection.norm::prepare));
      operations.add(
          new Operation(Kind.NORM_FORWARD, () -> last.applyAdd(projection.norm, output)));
    } else {
      operations.add(new Operation(Kind.NORM_FORWARD, () -> last.applyAdd(input, output)));
    }
    return operations;
  }

  List<Operation> backward() {
    List<Operation> operations = new ArrayList<>();
    Mask mask = new Mask.ByOutput(output);
    add(operations, units.get(hidden.size()), gradient, mask);
    for (int i = hidden.size() - 1; i >= 0; i--) {
      add(operations, units.get(i), Gradient.of(hidden.get(i)), new Mask.ByInput());
    }
    // The masked gradient, left in the first map, is that of the shortcut too.
    Gradient masked = Gradient.of(gradient.first());
    shortcut.ifPresent(unit -> add(operations, unit, masked, new Mask.None()));
    return operations;
  }

  private static void add(List<Operation> operations, Unit unit, Gradient in, Mask mask) {
    operations.add(new Operation(Kind.NORM_BACKWARD, () -> unit.norm.backward(in, mask)));
    operations.addAll(unit.convolution.backward());
  }
}
