package simsiam.model.engine.torch;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.ResNetPlan;

/** A residual network: pixels [N, 3, S, S] to pooled features [N, D]. */
final class TorchBackbone {
  private final ConvNorm stem;
  private final boolean maxPool;
  private final List<Block> blocks;

  TorchBackbone(EncoderSpec spec, TorchWeights weights) {
    ResNetPlan plan = ResNetPlan.of(spec);
    stem = ConvNorm.of(plan.stem(), weights);
    maxPool = plan.maxPool();
    blocks = plan.blocks().stream().map(block -> Block.of(block, weights)).toList();
  }

  Tensor forward(Tensor images, boolean training) {
    Tensor x = torch.relu(stem.forward(images, training));
    if (maxPool) {
      x = torch.max_pool2d(x, two(3), two(2), two(1), two(1), false);
    }
    for (Block block : blocks) {
      x = block.forward(x, training);
    }
    return x.mean(2, 3);
  }

  private static long[] two(long value) {
    return new long[] {value, value};
  }

  private record Block(List<ConvNorm> convolutions, Optional<ConvNorm> downsample) {
    static Block of(BlockSpec spec, TorchWeights weights) {
      return new Block(
          spec.convolutions().stream().map(conv -> ConvNorm.of(conv, weights)).toList(),
          spec.downsample().map(conv -> ConvNorm.of(conv, weights)));
    }

    Tensor forward(Tensor x, boolean training) {
      Tensor y = x;
      for (int i = 0; i < convolutions.size(); i++) {
        y = convolutions.get(i).forward(i == 0 ? y : torch.relu(y), training);
      }
      Tensor shortcut = downsample.isPresent() ? downsample.get().forward(x, training) : x;
      return torch.relu(y.add(shortcut));
    }
  }
}
