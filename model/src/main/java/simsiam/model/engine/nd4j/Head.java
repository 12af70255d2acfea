package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.HeadLayer;

/** The projector or the predictor in training. */
final class Head {
  /** A linear layer with its batch norm or bias. */
  private record Unit(
      HeadLayer spec, Convolution linear, ChannelScaling scaling, FeatureMap output) {}

  private final Layers layers;
  private final List<Unit> units = new ArrayList<>();

  /**
   * Binds the head.
   *
   * @param inputGradient where the gradient of {@code input} goes
   */
  Head(List<HeadLayer> specs, FeatureMap input, FeatureMap inputGradient, Layers layers) {
    this.layers = layers;
    FeatureMap x = input;
    FeatureMap dx = inputGradient;
    for (HeadLayer spec : specs) {
      Unit unit = bind(spec, x, dx);
      units.add(unit);
      x = unit.output;
      dx = unit.output;
    }
  }

  private Unit bind(HeadLayer spec, FeatureMap x, FeatureMap dx) {
    Parameters parameters = layers.parameters();
    FeatureMap y = layers.arena().map(MapShape.matrix(x.shape().batch(), spec.out()));
    Convolution linear =
        Convolution.linear(
            spec.in(),
            spec.out(),
            parameters.get(spec.name() + ".weight"),
            Convolution.Binding.training(x, y, dx, layers.arena()));
    ChannelScaling scaling =
        spec.batchNorm()
            ? layers.norm(spec.norm(), y)
            : new Bias(parameters.get(spec.name() + ".bias"), y, layers.views(), layers.workers());
    return new Unit(spec, linear, scaling, layers.arena().map(y.shape()));
  }

  FeatureMap output() {
    return units.get(units.size() - 1).output;
  }

  List<Operation> forward() {
    List<Operation> operations = new ArrayList<>();
    for (Unit unit : units) {
      operations.addAll(unit.linear.forward());
      operations.add(new Operation(Kind.NORM_FORWARD, unit.scaling::prepare));
      Kernel apply = () -> unit.scaling.apply(unit.output, unit.spec.relu());
      operations.add(new Operation(Kind.NORM_FORWARD, apply));
    }
    return operations;
  }

  /**
   * From the gradient of the output to that of the input; a hidden one lies over its activation.
   */
  List<Operation> backward(Gradient gradient) {
    List<Operation> operations = new ArrayList<>();
    Gradient in = gradient;
    for (int i = units.size() - 1; i >= 0; i--) {
      Unit unit = units.get(i);
      Gradient current = in;
      Mask mask = unit.spec.relu() ? new Mask.ByInput() : new Mask.None();
      Kernel backward = () -> unit.scaling.backward(current, mask);
      operations.add(new Operation(Kind.NORM_BACKWARD, backward));
      operations.addAll(unit.linear.backward());
      in = i > 0 ? Gradient.of(units.get(i - 1).output) : null;
    }
    return operations;
  }
}
