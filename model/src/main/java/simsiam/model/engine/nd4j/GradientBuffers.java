package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.List;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.ResNetPlan;

/**
 * Places for the gradients between residual blocks: two buffers that take turns. An identity block
 * leaves its shortcut's gradient where it found it and writes the other summand to the other
 * buffer; a projecting block writes one map to the other buffer.
 */
final class GradientBuffers {
  private final ResNetPlan plan;
  private final List<MapShape> shapes = new ArrayList<>();
  private final NativeArray[] buffers = new NativeArray[2];
  private final int[] turns;

  /**
   * Makes the buffers.
   *
   * @param first shape of what the first block reads
   */
  GradientBuffers(ResNetPlan plan, MapShape first, Arena arena) {
    this.plan = plan;
    shapes.add(first);
    for (BlockSpec block : plan.blocks()) {
      shapes.add(ResidualBlock.outputShape(block, shapes.get(shapes.size() - 1)));
    }
    long largest = shapes.stream().mapToLong(MapShape::size).max().orElseThrow();
    buffers[0] = arena.array(largest);
    buffers[1] = arena.array(largest);
    turns = new int[shapes.size()];
    for (int i = plan.blocks().size() - 1; i >= 0; i--) {
      turns[i] = identity(i) ? turns[i + 1] : 1 - turns[i + 1];
    }
  }

  /** Gradient of what block {@code block} reads; one past the last: of the last one's output. */
  Gradient before(int block) {
    FeatureMap first = new FeatureMap(shapes.get(block), buffers[turns[block]]);
    boolean summed = block < plan.blocks().size() && identity(block);
    return summed
        ? new Gradient(first, new FeatureMap(shapes.get(block), buffers[1 - turns[block]]))
        : Gradient.of(first);
  }

  /** The buffer that block {@code block} may overwrite once it has read its output's gradient. */
  NativeArray spare(int block) {
    return buffers[1 - turns[block + 1]];
  }

  private boolean identity(int block) {
    return plan.blocks().get(block).downsample().isEmpty();
  }
}
