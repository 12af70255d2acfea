package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.ConvSpec;

/**
 * A convolution or linear layer without bias, bound to its maps. Backward takes the gradient of y
 * from y's own map and finds that of the weights, then that of x where it is wanted; the latter may
 * lie over x.
 */
record Convolution(List<Operation> forward, List<Operation> backward) {
  /**
   * The maps a layer is bound to.
   *
   * @param dx where the gradient of x goes; null if it is not wanted
   * @param addToDx whether it is added to what is there
   * @param training whether there is to be a backward pass
   */
  record Binding(
      FeatureMap x, FeatureMap y, FeatureMap dx, boolean addToDx, boolean training, Arena arena) {

    static Binding training(FeatureMap x, FeatureMap y, FeatureMap dx, Arena arena) {
      return new Binding(x, y, dx, false, true, arena);
    }

    /** Forward only. */
    static Binding eval(FeatureMap x, FeatureMap y, Arena arena) {
      return new Binding(x, y, null, false, false, arena);
    }
  }

  static Convolution of(ConvSpec conv, Parameter weight, Binding to) {
    if (conv.kernel() > 1) {
      return spatial(conv, weight, to);
    }
    return conv.stride() > 1
        ? strided(conv, weight, to)
        : product(conv.in(), conv.out(), weight, to, Kind.CONVOLUTION);
  }

  static Convolution linear(int in, int out, Parameter weight, Binding to) {
    return product(in, out, weight, to, Kind.LINEAR);
  }

  /** A matrix product over rows: a linear layer, or a convolution of one pixel. */
  private static Convolution product(int in, int out, Parameter weight, Binding to, Kind kind) {
    INDArray w = weight.weight(in, out);
    INDArray x = to.x().matrix();
    INDArray y = to.y().matrix();
    boolean linear = kind == Kind.LINEAR;
    List<Operation> backward = new ArrayList<>();
    if (to.training() && weight.spec().trained()) {
      Kernel dw =
          to.arena().own(new MatrixProduct(x, true, y, false, weight.gradient(in, out), false));
      backward.add(new Operation(linear ? kind : Kind.WEIGHT_GRADIENT, dw));
    }
    if (to.dx() != null) {
      Kernel dx =
          to.arena().own(new MatrixProduct(y, false, w, true, to.dx().matrix(), to.addToDx()));
      backward.add(new Operation(linear ? kind : Kind.INPUT_GRADIENT, dx));
    }
    Kernel forward = to.arena().own(new MatrixProduct(x, false, w, false, y, false));
    return new Convolution(List.of(new Operation(kind, forward)), backward);
  }

  /** One pixel, stride above 1: a matrix product over the pixels read. */
  private static Convolution strided(ConvSpec conv, Parameter weight, Binding to) {
    FeatureMap read = to.arena().map(to.x().shape().window(1, conv.stride(), 0, conv.in()));
    Subsample pixels = new Subsample(to.x(), read, conv.stride(), to.arena().workers());
    FeatureMap readGradient = to.dx() == null ? null : read;
    Convolution product =
        product(
            conv.in(),
            conv.out(),
            weight,
            new Binding(read, to.y(), readGradient, false, to.training(), to.arena()),
            Kind.CONVOLUTION);
    List<Operation> forward = new ArrayList<>(product.forward);
    forward.add(0, new Operation(Kind.CONVOLUTION, pixels::gather));
    List<Operation> backward = new ArrayList<>(product.backward);
    if (to.dx() != null) {
      if (!to.addToDx()) {
        throw new IllegalStateException("A strided convolution of one pixel can only add to dx");
      }
      backward.add(new Operation(Kind.INPUT_GRADIENT, () -> pixels.scatterAdd(to.dx())));
    }
    return new Convolution(forward, backward);
  }

  /** Not ND4J's {@code conv2d} and {@code conv2d_bp}, which spend their time on layouts. */
  @SuppressWarnings("try") // the scope works by being open
  private static Convolution spatial(ConvSpec conv, Parameter weight, Binding to) {
    try (PointerScope scope = new PointerScope()) {
      SpatialConvolution passes = new SpatialConvolution(conv, weight, to);
      List<Operation> backward = new ArrayList<>();
      if (to.training()) {
        add(backward, Kind.WEIGHT_GRADIENT, passes.weightGradient());
      }
      if (to.dx() != null) {
        add(backward, Kind.INPUT_GRADIENT, passes.inputGradient());
      }
      List<Operation> forward = new ArrayList<>();
      add(forward, Kind.CONVOLUTION, passes.forward());
      return new Convolution(forward, backward);
    }
  }

  private static void add(List<Operation> operations, Kind kind, List<Kernel> kernels) {
    kernels.forEach(kernel -> operations.add(new Operation(kind, kernel)));
  }
}
