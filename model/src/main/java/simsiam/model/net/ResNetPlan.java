package simsiam.model.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The backbone as a list of layers with torchvision's names: what every engine builds from. Strides
 * of bottleneck blocks are on the 3×3 convolution, as in torchvision.
 *
 * @param stem the first convolution
 * @param maxPool whether 3×3 max-pooling of stride 2 and padding 1 follows the stem
 */
public record ResNetPlan(ConvSpec stem, boolean maxPool, List<BlockSpec> blocks) {
  public ResNetPlan {
    blocks = List.copyOf(blocks);
  }

  public static ResNetPlan of(EncoderSpec spec) {
    boolean imagenet = spec.stem() == Stem.IMAGENET;
    int width = spec.width();
    ConvSpec stem =
        new ConvSpec(
            "backbone.conv1",
            "backbone.bn1",
            3,
            width,
            imagenet ? 7 : 3,
            imagenet ? 2 : 1,
            imagenet ? 3 : 1);
    List<BlockSpec> blocks = new ArrayList<>();
    int in = width;
    for (int stage = 0; stage < 4; stage++) {
      int inner = width << stage;
      for (int i = 0; i < spec.arch().blocks(stage); i++) {
        String name = "backbone.layer" + (stage + 1) + "." + i;
        blocks.add(block(spec.arch(), name, in, inner, i == 0 && stage > 0 ? 2 : 1));
        in = inner * spec.arch().expansion();
      }
    }
    return new ResNetPlan(stem, imagenet, blocks);
  }

  private static BlockSpec block(Arch arch, String name, int in, int inner, int stride) {
    int out = inner * arch.expansion();
    List<ConvSpec> convolutions =
        arch.bottleneck()
            ? List.of(
                conv(name, 1, in, inner, 1, 1),
                conv(name, 2, inner, inner, 3, stride),
                conv(name, 3, inner, out, 1, 1))
            : List.of(conv(name, 1, in, inner, 3, stride), conv(name, 2, inner, out, 3, 1));
    Optional<ConvSpec> downsample =
        stride == 1 && in == out
            ? Optional.empty()
            : Optional.of(
                new ConvSpec(
                    name + ".downsample.0", name + ".downsample.1", in, out, 1, stride, 0));
    return new BlockSpec(convolutions, downsample);
  }

  private static ConvSpec conv(String block, int index, int in, int out, int kernel, int stride) {
    return new ConvSpec(
        block + ".conv" + index, block + ".bn" + index, in, out, kernel, stride, kernel / 2);
  }
}
