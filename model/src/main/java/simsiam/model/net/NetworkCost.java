package simsiam.model.net;

import java.util.Map;

/**
 * The work of one training step for one image, all its views together. Letters: M, multiplications
 * each with its addition, which count as two operations.
 *
 * @param stemMacs M of the convolution that reads the pixels, in a forward pass
 * @param convolutionMacs M of all other convolutions
 * @param linearMacs M of the linear layers
 * @param scaledValues outputs of layers that a batch norm or a bias follows
 * @param parameters of the network, whatever the number of views
 */
public record NetworkCost(
    long stemMacs, long convolutionMacs, long linearMacs, long scaledValues, long parameters) {

  /** The cost of a network on views of {@code size}×{@code size} pixels. */
  public static NetworkCost of(NetworkSpec spec, int size) {
    return of(Method.of(spec), size);
  }

  /** The cost of a method on views of {@code size}×{@code size} pixels. */
  public static NetworkCost of(Method method, int size) {
    Network network = method.network();
    Map<String, Shape> shapes = network.shapes(size);
    long stem = 0;
    long convolutions = 0;
    long linear = 0;
    long values = 0;
    for (Node node : network.nodes()) {
      Shape output = shapes.get(node.name());
      if (node instanceof Node.Linear) {
        linear += node.multiplications(output);
        values += output.size();
      } else if (node instanceof Node.Convolution conv) {
        boolean readsPixels = conv.input().equals(network.input());
        stem += readsPixels ? conv.multiplications(output) : 0;
        convolutions += readsPixels ? 0 : conv.multiplications(output);
        values += output.size();
      }
    }
    return new NetworkCost(
        method.views() * stem,
        method.views() * convolutions,
        method.views() * linear,
        method.views() * values,
        method.parameters().stream()
            .filter(ParameterSpec::trained)
            .mapToLong(ParameterSpec::elements)
            .sum());
  }

  /**
   * Operations, multiplications and additions counted apart, of one training step an image: all
   * views forward, then the gradients by inputs and by weights, each of which costs as much as the
   * forward pass; pixels need no gradient.
   */
  public static long trainingFlops(NetworkSpec network, int size) {
    NetworkCost cost = of(network, size);
    return cost.forwardFlops()
        + cost.inputGradientFlops()
        + cost.forwardFlops()
        + cost.linearFlops();
  }

  /** Operations of all convolutions forward; their weights' gradients take as many. */
  public long forwardFlops() {
    return 2 * (stemMacs + convolutionMacs);
  }

  /** Operations of the gradients by the convolutions' inputs. */
  public long inputGradientFlops() {
    return 2 * convolutionMacs;
  }

  /** Operations of the linear layers, forward and both gradients. */
  public long linearFlops() {
    return 2 * 3 * linearMacs;
  }
}
