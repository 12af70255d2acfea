package simsiam.model.net;

import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The tensors of a network by name, in the order of its nodes: what every engine keeps and a
 * checkpoint holds. Names are torchvision's under {@code backbone.}; each batch norm has {@code
 * weight} and {@code bias} (if affine), {@code running_mean} and {@code running_var}.
 */
public record NetworkLayout(List<ParameterSpec> parameters) {
  private static final double NORMAL_DEVIATION = 0.01;

  public NetworkLayout {
    parameters = List.copyOf(parameters);
  }

  public static NetworkLayout of(NetworkSpec network) {
    return of(Method.of(network));
  }

  public static NetworkLayout of(Method method) {
    return new NetworkLayout(method.parameters());
  }

  /**
   * Initial weights (paper, Appendix A: PyTorch's defaults, unlike torchvision's own ResNets, whose
   * larger convolution weights slow the first epochs down): a function of the layout and the seed
   * alone. Each tensor has its own stream, so that changing the predictor leaves the encoder's
   * start as it was.
   */
  public SortedMap<String, Tensor> initialise(long seed) {
    SortedMap<String, Tensor> weights = new TreeMap<>();
    for (ParameterSpec parameter : parameters) {
      SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + hash(parameter));
      long[] shape = parameter.shape().stream().mapToLong(Integer::longValue).toArray();
      weights.put(parameter.name(), new Tensor(shape, values(parameter, random)));
    }
    return weights;
  }

  private static long hash(ParameterSpec parameter) {
    long hash = 0xCBF29CE484222325L; // FNV-1a
    for (int i = 0; i < parameter.name().length(); i++) {
      hash = (hash ^ parameter.name().charAt(i)) * 0x100000001B3L;
    }
    return hash;
  }

  private float[] values(ParameterSpec parameter, SplittableRandom random) {
    float[] values = new float[parameter.size()];
    double bound = bound(parameter);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (parameter.initial()) {
            case ZERO -> 0f;
            case ONE -> 1f;
            case UNIFORM_FAN_IN -> (float) ((2 * random.nextDouble() - 1) * bound);
            case NORMAL -> (float) (NORMAL_DEVIATION * normal(random));
          };
    }
    return values;
  }

  /** By Box and Muller, of functions whose bits are the same on every machine. */
  private static double normal(SplittableRandom random) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
  }

  /** The half-width of a uniform initialisation. */
  private double bound(ParameterSpec parameter) {
    return switch (parameter.initial()) {
      case ZERO, ONE, NORMAL -> 0;
      case UNIFORM_FAN_IN -> 1 / Math.sqrt(fanIn(parameter));
    };
  }

  /** Inputs of one output; a bias takes the fan-in of the weight it stands beside. */
  private int fanIn(ParameterSpec parameter) {
    if (parameter.shape().size() > 1) {
      return parameter.size() / parameter.shape().get(0);
    }
    String weight = parameter.name().replaceAll("bias$", "weight");
    return parameters.stream()
        .filter(other -> other.name().equals(weight))
        .mapToInt(this::fanIn)
        .findFirst()
        .orElseThrow();
  }
}
