package simsiam.model.net;

import java.util.List;

/**
 * The work of one training step for one image, all its views together. Letters: M, multiplications
 * each with its addition, which count as two operations.
 *
 * @param stemMacs M of the first convolution in a forward pass
 * @param convolutionMacs M of all other convolutions
 * @param linearMacs M of the linear layers
 * @param scaledValues outputs of layers that a batch norm or a bias follows
 * @param parameters of the network, whatever the number of views
 */
public record NetworkCost(
    long stemMacs, long convolutionMacs, long linearMacs, long scaledValues, long parameters) {

  /** The cost of a network on views of {@code size}×{@code size} pixels. */
  public static NetworkCost of(NetworkSpec network, int size) {
    ResNetPlan plan = ResNetPlan.of(network.encoder());
    int extent = extent(plan.stem(), size);
    long stem = macs(plan.stem(), extent);
    long values = values(plan.stem(), extent);
    long convolutions = 0;
    if (plan.maxPool()) {
      extent = (extent + 1) / 2;
    }
    for (BlockSpec block : plan.blocks()) {
      int in = extent;
      for (ConvSpec conv : block.convolutions()) {
        extent = extent(conv, extent);
        convolutions += macs(conv, extent);
        values += values(conv, extent);
      }
      if (block.downsample().isPresent()) {
        ConvSpec conv = block.downsample().get();
        convolutions += macs(conv, extent(conv, in));
        values += values(conv, extent(conv, in));
      }
    }
    List<HeadLayer> projector = HeadLayer.projector(network);
    List<HeadLayer> predictor = HeadLayer.predictor(network);
    int views = network.objective().symmetry().views();
    return new NetworkCost(
        views * stem,
        views * convolutions,
        views * (macs(projector) + macs(predictor)),
        views * (values + values(projector) + values(predictor)),
        NetworkLayout.of(network).parameters().stream()
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

  private static int extent(ConvSpec conv, int in) {
    return (in + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1;
  }

  private static long macs(ConvSpec conv, int extent) {
    return values(conv, extent) * conv.in() * conv.kernel() * conv.kernel();
  }

  private static long values(ConvSpec conv, int extent) {
    return (long) extent * extent * conv.out();
  }

  private static long macs(List<HeadLayer> layers) {
    return layers.stream().mapToLong(layer -> (long) layer.in() * layer.out()).sum();
  }

  private static long values(List<HeadLayer> layers) {
    return layers.stream().mapToLong(HeadLayer::out).sum();
  }
}
