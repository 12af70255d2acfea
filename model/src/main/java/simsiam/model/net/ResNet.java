package simsiam.model.net;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.net.Node.Add;
import simsiam.model.net.Node.BatchNorm;
import simsiam.model.net.Node.Convolution;
import simsiam.model.net.Node.GlobalAveragePool;
import simsiam.model.net.Node.MaxPool;
import simsiam.model.net.Node.Relu;
import simsiam.model.net.ParameterSpec.Initial;

/**
 * The backbone: a residual network (He et al. 2016) from pixels [N, S, S, 3] to the pooled feature
 * [N, D], without a classifier. Names are torchvision's under {@code backbone.}; strides of
 * bottleneck blocks are on the 3×3 convolution, as there. Taps are {@code stem}, what the first
 * stage reads, and {@code layer1} to {@code layer4}, what each stage makes.
 */
final class ResNet {
  private static final String PREFIX = "backbone.";
  private static final String INPUT = "images";

  private final EncoderSpec spec;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, String> taps = new LinkedHashMap<>();

  private ResNet(EncoderSpec spec) {
    this.spec = spec;
  }

  static Network of(EncoderSpec spec) {
    return new ResNet(spec).build();
  }

  private Network build() {
    String x = stem();
    taps.put("stem", x);
    int in = spec.width();
    for (int stage = 0; stage < 4; stage++) {
      String layer = "layer" + (stage + 1);
      int inner = spec.width() << stage;
      for (int i = 0; i < spec.arch().blocks(stage); i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        x = block(PREFIX + layer + "." + i + ".", x, in, inner, stride);
        in = inner * spec.arch().expansion();
      }
      taps.put(layer, x);
    }
    add(new GlobalAveragePool(PREFIX + "avgpool", x));
    return new Network(INPUT, 3, nodes, taps);
  }

  private String stem() {
    boolean imagenet = spec.stem() == Stem.IMAGENET;
    String x =
        imagenet
            ? convolution(PREFIX, 1, INPUT, 3, spec.width(), 7, 2, Initial.ONE)
            : convolution(PREFIX, 1, INPUT, 3, spec.width(), 3, 1, Initial.ONE);
    x = add(new Relu(PREFIX + "relu", x));
    return imagenet ? add(new MaxPool(PREFIX + "maxpool", x, 3, 2, 1)) : x;
  }

  /**
   * Convolutions with ReLU between them, plus the shortcut, then ReLU. The shortcut, which has a
   * convolution of its own where the shape changes, comes first, so that what the block reads is
   * free after its first convolution and gets the shortcut's gradient last.
   */
  private String block(String name, String input, int in, int inner, int stride) {
    boolean bottleneck = spec.arch().bottleneck();
    int out = inner * spec.arch().expansion();
    String shortcut =
        stride == 1 && in == out ? input : downsample(name + "downsample.", input, in, out, stride);
    Initial last = spec.zeroInitResidual() ? Initial.ZERO : Initial.ONE;
    String x = input;
    if (bottleneck) {
      x = add(new Relu(name + "relu1", convolution(name, 1, x, in, inner, 1, 1, Initial.ONE)));
      x = convolution(name, 2, x, inner, inner, 3, stride, Initial.ONE);
      x = add(new Relu(name + "relu2", x));
      x = convolution(name, 3, x, inner, out, 1, 1, last);
    } else {
      x = add(new Relu(name + "relu1", convolution(name, 1, x, in, inner, 3, stride, Initial.ONE)));
      x = convolution(name, 2, x, inner, out, 3, 1, last);
    }
    return add(new Relu(name + "relu", add(new Add(name + "add", x, shortcut))));
  }

  private String downsample(String name, String input, int in, int out, int stride) {
    String y = add(new Convolution(name + "0", input, in, out, 1, stride, 0));
    return add(new BatchNorm(name + "1", y, out, true, Initial.ONE));
  }

  /** A convolution whose padding keeps the size at stride 1, and its batch norm. */
  private String convolution(
      String prefix,
      int index,
      String input,
      int in,
      int out,
      int kernel,
      int stride,
      Initial scale) {
    String y =
        add(new Convolution(prefix + "conv" + index, input, in, out, kernel, stride, kernel / 2));
    return add(new BatchNorm(prefix + "bn" + index, y, out, true, scale));
  }

  private String add(Node node) {
    nodes.add(node);
    return node.name();
  }
}
