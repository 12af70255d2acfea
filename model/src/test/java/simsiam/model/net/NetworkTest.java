package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import simsiam.model.net.Node.Add;
import simsiam.model.net.Node.Convolution;
import simsiam.model.net.Node.GlobalAveragePool;
import simsiam.model.net.Node.Linear;
import simsiam.model.net.Node.Relu;

class NetworkTest {
  private static Network resnet(Arch arch, Stem stem) {
    return ResNet.of(new EncoderSpec(arch, stem, 64, false));
  }

  /** The sizes of He et al. 2016, table 1. */
  @Test
  void resNet50HasTheShapesOfThePaper() {
    Network network = resnet(Arch.RESNET50, Stem.IMAGENET);
    Map<String, Shape> shapes = network.shapes(224);

    assertThat(network.taps().keySet())
        .containsExactly("stem", "layer1", "layer2", "layer3", "layer4");
    assertThat(network.taps().values().stream().map(shapes::get))
        .containsExactly(
            Shape.square(56, 64),
            Shape.square(56, 256),
            Shape.square(28, 512),
            Shape.square(14, 1024),
            Shape.square(7, 2048));
    assertThat(shapes.get("backbone.conv1")).isEqualTo(Shape.square(112, 64));
    assertThat(shapes.get(network.output())).isEqualTo(Shape.vector(2048));
  }

  @Test
  void blocksAreThoseOfTorchvision() {
    Network network = resnet(Arch.RESNET50, Stem.IMAGENET);

    // The stride of a bottleneck is on its 3×3 convolution.
    assertThat(network.nodes())
        .contains(
            new Convolution("backbone.layer2.0.conv1", "backbone.layer1.2.relu", 256, 128, 1, 1, 0),
            new Convolution(
                "backbone.layer2.0.conv2", "backbone.layer2.0.relu1", 128, 128, 3, 2, 1),
            new Convolution(
                "backbone.layer2.0.downsample.0", "backbone.layer1.2.relu", 256, 512, 1, 2, 0),
            new Add(
                "backbone.layer2.0.add", "backbone.layer2.0.bn3", "backbone.layer2.0.downsample.1"),
            new Add("backbone.layer2.1.add", "backbone.layer2.1.bn3", "backbone.layer2.0.relu"));
  }

  @Test
  void thirtyTwoPixelsStayThatManyBehindTheCifarStem() {
    Network network = resnet(Arch.RESNET18, Stem.CIFAR);

    assertThat(network.shapes(32).get(network.taps().get("layer1")))
        .isEqualTo(Shape.square(32, 64));
    assertThat(network.shapes(32).get(network.taps().get("layer4")))
        .isEqualTo(Shape.square(4, 512));
  }

  @Test
  void tellsWhoReadsWhat() {
    Network network = resnet(Arch.RESNET18, Stem.CIFAR);

    assertThat(network.readers("backbone.relu"))
        .extracting(Node::name)
        .containsExactly("backbone.layer1.0.conv1", "backbone.layer1.0.add");
  }

  @Test
  void refusesWhatIsNoGraph() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(new Relu("a", "b"), new Relu("b", "x")))
        .withMessage(
            "Cannot make a network: expected that a reads what is made before it, got [b]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(new Relu("a", "x"), new Relu("a", "x")))
        .withMessage("Cannot make a network: expected one node of each name, got two of a");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Network("x", 3, List.of(), Map.of("stem", "y")))
        .withMessage("Cannot make a network: expected taps at nodes, got {stem=y}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(new Relu("a", "x")).then(network(new Relu("b", "x"))))
        .withMessage("Cannot join networks: expected one that reads a, got one that reads x");
  }

  @Test
  void refusesShapesThatDoNotFit() {
    assertRefused(
        new Convolution("a", "x", 4, 8, 3, 1, 1), "Cannot apply a: expected 4 channels, got 3");
    assertRefused(
        new Linear("a", "x", 3, 8, true),
        "Cannot apply a: expected a vector, got Shape[height=8, width=8, channels=3]");
    Network sum = network(new GlobalAveragePool("a", "x"), new Add("b", "a", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sum.shapes(8))
        .withMessage(
            "Cannot apply b: expected two of one shape, got Shape[height=1, width=1, channels=3]"
                + " and Shape[height=8, width=8, channels=3]");
  }

  private static void assertRefused(Node node, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> network(node).shapes(8))
        .withMessage(message);
  }

  private static Network network(Node... nodes) {
    return new Network("x", 3, List.of(nodes), Map.of());
  }
}
