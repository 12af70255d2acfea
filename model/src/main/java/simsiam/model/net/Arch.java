package simsiam.model.net;

/**
 * Residual networks of He et al. 2016, by blocks a stage; ResNet-10 has one basic block a stage.
 */
public enum Arch {
  RESNET10(false, 1, 1, 1, 1),
  RESNET18(false, 2, 2, 2, 2),
  RESNET34(false, 3, 4, 6, 3),
  RESNET50(true, 3, 4, 6, 3);

  private final boolean bottleneck;

  @SuppressWarnings("ImmutableEnumChecker") // never handed out
  private final int[] blocks;

  Arch(boolean bottleneck, int... blocks) {
    this.bottleneck = bottleneck;
    this.blocks = blocks;
  }

  /** Whether blocks are bottlenecks (1×1, 3×3, 1×1) rather than two 3×3 convolutions. */
  public boolean bottleneck() {
    return bottleneck;
  }

  /** Blocks in stage 0 to 3. */
  public int blocks(int stage) {
    return blocks[stage];
  }

  /** Output channels of a block over its inner channels. */
  public int expansion() {
    return bottleneck ? 4 : 1;
  }
}
