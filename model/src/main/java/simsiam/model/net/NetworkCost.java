package simsiam.model.net;

import java.util.List;

/** The arithmetic of a network: floating-point operations of convolutions and linear layers. */
public final class NetworkCost {
  private NetworkCost() {}

  /**
   * Operations, multiplications and additions counted apart, of one training step an image: all
   * views of {@code size}×{@code size} pixels forward, then the gradients by inputs and by weights,
   * each of which costs as much as the forward pass; pixels need no gradient.
   */
  public static long trainingFlops(NetworkSpec network, int size) {
    ResNetPlan plan = ResNetPlan.of(network.encoder());
    int extent = extent(plan.stem(), size);
    long stem = macs(plan.stem(), extent);
    long rest = 0;
    if (plan.maxPool()) {
      extent = (extent + 1) / 2;
    }
    for (BlockSpec block : plan.blocks()) {
      int in = extent;
      for (ConvSpec conv : block.convolutions()) {
        extent = extent(conv, extent);
        rest += macs(conv, extent);
      }
      rest += block.downsample().map(conv -> macs(conv, extent(conv, in))).orElse(0L);
    }
    rest += macs(HeadLayer.projector(network)) + macs(HeadLayer.predictor(network));
    return network.objective().symmetry().views() * 2L * (2 * stem + 3 * rest);
  }

  private static int extent(ConvSpec conv, int in) {
    return (in + 2 * conv.padding() - conv.kernel()) / conv.stride() + 1;
  }

  private static long macs(ConvSpec conv, int extent) {
    return (long) extent * extent * conv.out() * conv.in() * conv.kernel() * conv.kernel();
  }

  private static long macs(List<HeadLayer> layers) {
    return layers.stream().mapToLong(layer -> (long) layer.in() * layer.out()).sum();
  }
}
