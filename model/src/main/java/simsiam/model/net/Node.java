package simsiam.model.net;

import java.util.ArrayList;
import java.util.List;
import simsiam.model.net.ParameterSpec.Initial;

/**
 * One operation of a {@link Network}: what it is called, what it reads, what shape it makes and
 * what parameters it has. How it is computed is for the engines to know, which take it apart by
 * {@link #accept}: a new kind of node is then refused by the compiler until every engine has it.
 * Letters: N images, H×W pixels, C channels.
 */
public sealed interface Node {
  /** Unique in its network; where it has parameters, the prefix of theirs in torchvision. */
  String name();

  /** What it reads: names of other nodes, or the network's input. */
  List<String> inputs();

  /**
   * The shape of its output.
   *
   * @param inputs shapes of what it reads, in that order
   * @throws IllegalArgumentException if it cannot read these
   */
  Shape shape(List<Shape> inputs);

  /** Its tensors, of a network that is trained. */
  default List<ParameterSpec> parameters() {
    return List.of();
  }

  /** Multiplications, each with its addition, that one image's output takes. */
  default long multiplications(Shape output) {
    return 0;
  }

  <R> R accept(Visitor<R> visitor);

  /** One method for each kind of node. */
  interface Visitor<R> {
    R convolution(Convolution node);

    R linear(Linear node);

    R batchNorm(BatchNorm node);

    R relu(Relu node);

    R add(Add node);

    R maxPool(MaxPool node);

    R globalAveragePool(GlobalAveragePool node);
  }

  /** A convolution with a square window, without bias; its weight is [out, in, kernel, kernel]. */
  record Convolution(
      String name, String input, int in, int out, int kernel, int stride, int padding)
      implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      requireChannels(this, in, inputs.get(0));
      return inputs.get(0).window(kernel, stride, padding, out);
    }

    @Override
    public List<ParameterSpec> parameters() {
      return List.of(
          ParameterSpec.learned(
              weight(), List.of(out, in, kernel, kernel), Initial.UNIFORM_FAN_IN));
    }

    /** The name of its weight. */
    public String weight() {
      return name + ".weight";
    }

    @Override
    public long multiplications(Shape output) {
      return output.size() * in * kernel * kernel;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.convolution(this);
    }
  }

  /**
   * {@code y = W·x}, plus a bias if it has one, on vectors; W is [out, in].
   *
   * @param initial how W starts; the bias starts likewise if that is by fan-in, else at 0
   */
  record Linear(String name, String input, int in, int out, boolean hasBias, Initial initial)
      implements Node {
    public Linear(String name, String input, int in, int out, boolean hasBias) {
      this(name, input, in, out, hasBias, Initial.UNIFORM_FAN_IN);
    }

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      requireChannels(this, in, inputs.get(0));
      if (!inputs.get(0).isVector()) {
        throw new IllegalArgumentException(
            "Cannot apply %s: expected a vector, got %s".formatted(name, inputs.get(0)));
      }
      return Shape.vector(out);
    }

    @Override
    public List<ParameterSpec> parameters() {
      List<ParameterSpec> all = new ArrayList<>();
      all.add(ParameterSpec.learned(weight(), List.of(out, in), initial));
      if (hasBias) {
        Initial start = initial == Initial.UNIFORM_FAN_IN ? initial : Initial.ZERO;
        all.add(ParameterSpec.learned(bias(), List.of(out), start));
      }
      return all;
    }

    /** The name of its weight. */
    public String weight() {
      return name + ".weight";
    }

    /** The name of its bias. */
    public String bias() {
      return name + ".bias";
    }

    @Override
    public long multiplications(Shape output) {
      return (long) in * out;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.linear(this);
    }
  }

  /**
   * Batch norm: {@code (x - mean) / √(variance + }{@link #EPSILON}{@code )}, then scale and shift
   * if it is affine. In training, mean and (biased) variance are those over N, H and W of one view
   * of the batch, and each view in turn moves the running statistics by {@link #MOMENTUM}, the
   * variance unbiased; in eval mode they are the running ones.
   *
   * @param scale how the scale starts
   */
  record BatchNorm(String name, String input, int channels, boolean affine, Initial scale)
      implements Node {
    public static final double EPSILON = 1e-5;

    /** Weight of the newest view in the running statistics. */
    public static final double MOMENTUM = 0.1;

    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      requireChannels(this, channels, inputs.get(0));
      return inputs.get(0);
    }

    @Override
    public List<ParameterSpec> parameters() {
      List<Integer> shape = List.of(channels);
      List<ParameterSpec> all = new ArrayList<>();
      if (affine) {
        all.add(ParameterSpec.learned(weight(), shape, scale));
        all.add(ParameterSpec.learned(bias(), shape, Initial.ZERO));
      }
      all.add(ParameterSpec.statistic(runningMean(), shape, Initial.ZERO));
      all.add(ParameterSpec.statistic(runningVariance(), shape, Initial.ONE));
      return all;
    }

    /** The name of its scale, if it is affine. */
    public String weight() {
      return name + ".weight";
    }

    /** The name of its shift, if it is affine. */
    public String bias() {
      return name + ".bias";
    }

    public String runningMean() {
      return name + ".running_mean";
    }

    public String runningVariance() {
      return name + ".running_var";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.batchNorm(this);
    }
  }

  /** {@code max(x, 0)}. */
  record Relu(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.relu(this);
    }
  }

  /** The sum of two stacks of maps of one shape. */
  record Add(String name, String left, String right) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(left, right);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      if (!inputs.get(0).equals(inputs.get(1))) {
        throw new IllegalArgumentException(
            "Cannot apply %s: expected two of one shape, got %s and %s"
                .formatted(name, inputs.get(0), inputs.get(1)));
      }
      return inputs.get(0);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.add(this);
    }
  }

  /**
   * The largest value in each place of a square window; what is outside the maps does not count.
   */
  record MaxPool(String name, String input, int kernel, int stride, int padding) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return inputs.get(0).window(kernel, stride, padding, inputs.get(0).channels());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.maxPool(this);
    }
  }

  /** The mean over all pixels of each map: a vector. */
  record GlobalAveragePool(String name, String input) implements Node {
    @Override
    public List<String> inputs() {
      return List.of(input);
    }

    @Override
    public Shape shape(List<Shape> inputs) {
      return Shape.vector(inputs.get(0).channels());
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.globalAveragePool(this);
    }
  }

  private static void requireChannels(Node node, int expected, Shape input) {
    if (input.channels() != expected) {
      throw new IllegalArgumentException(
          "Cannot apply %s: expected %s channels, got %s"
              .formatted(node.name(), expected, input.channels()));
    }
  }
}
