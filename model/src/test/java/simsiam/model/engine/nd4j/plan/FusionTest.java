package simsiam.model.engine.nd4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.nd4j.plan.Layer.Bias;
import simsiam.model.engine.nd4j.plan.Layer.Identity;
import simsiam.model.engine.nd4j.plan.Layer.Mask;
import simsiam.model.engine.nd4j.plan.Layer.Norm;
import simsiam.model.engine.nd4j.plan.Layer.Product;
import simsiam.model.engine.nd4j.plan.Layer.Scaling;
import simsiam.model.engine.nd4j.plan.Layer.Shortcut;
import simsiam.model.net.Network;
import simsiam.model.net.Node;
import simsiam.model.net.Node.Add;
import simsiam.model.net.Node.BatchNorm;
import simsiam.model.net.Node.Convolution;
import simsiam.model.net.Node.Linear;
import simsiam.model.net.Node.Relu;
import simsiam.model.net.ParameterSpec.Initial;

class FusionTest {
  private static Convolution conv(String name, String input) {
    return new Convolution(name, input, 3, 3, 3, 1, 1);
  }

  private static BatchNorm norm(String name, String input) {
    return new BatchNorm(name, input, 3, true, Initial.ONE);
  }

  private static List<Layer> fuse(Node... nodes) {
    Network network = new Network("x", 3, List.of(nodes), Map.of());
    return Fusion.of(network, Set.of(network.output()));
  }

  private static Scaling scaling(
      Layer.Scale scale, String y, Shortcut shortcut, boolean relu, String output) {
    return new Scaling(scale, y, Optional.ofNullable(shortcut), relu, output);
  }

  @Test
  void joinsNormSumAndRelu() {
    BatchNorm main = norm("b", "a");
    BatchNorm other = norm("s", "x");

    assertThat(fuse(conv("a", "x"), other, main, new Add("c", "b", "s"), new Relu("d", "c")))
        .containsExactly(
            new Product(conv("a", "x"), "x", "a"),
            scaling(new Norm(main), "a", new Shortcut(new Norm(other), "x"), true, "d"));
  }

  @Test
  void takesThePlainOperandAsTheShortcut() {
    BatchNorm main = norm("b", "a");

    assertThat(fuse(conv("a", "x"), main, new Add("c", "x", "b")))
        .endsWith(scaling(new Norm(main), "a", new Shortcut(new Identity(), "x"), false, "c"));
  }

  /** As in a network of pre-activation blocks: the norm's input is read by the sum as well. */
  @Test
  void leavesApartWhatOthersRead() {
    BatchNorm first = norm("n", "a");

    assertThat(
            fuse(
                conv("a", "x"),
                first,
                new Relu("r", "n"),
                conv("b", "r"),
                new Add("c", "b", "a"),
                new Relu("d", "c"),
                new Add("e", "c", "d")))
        .containsExactly(
            new Product(conv("a", "x"), "x", "a"),
            scaling(new Norm(first), "a", null, true, "r"),
            new Product(conv("b", "r"), "r", "b"),
            scaling(new Identity(), "a", new Shortcut(new Identity(), "b"), false, "c"),
            scaling(new Identity(), "c", null, true, "d"),
            scaling(new Identity(), "d", new Shortcut(new Identity(), "c"), false, "e"));
  }

  @Test
  void separatesALinearLayerFromItsBias() {
    Linear linear = new Linear("l", "x", 3, 4, true);

    assertThat(fuse(linear, new Relu("r", "l")))
        .containsExactly(
            new Product(linear, "x", "l without bias"),
            scaling(new Bias(linear), "l without bias", null, true, "r"));
  }

  @Test
  void keepsWhatIsWanted() {
    BatchNorm main = norm("b", "a");
    Network network =
        new Network("x", 3, List.of(conv("a", "x"), main, new Relu("r", "b")), Map.of());

    assertThat(Fusion.of(network, Set.of("b", "r")))
        .containsExactly(
            new Product(conv("a", "x"), "x", "a"),
            scaling(new Norm(main), "a", null, false, "b"),
            scaling(new Identity(), "b", null, true, "r"));
  }

  @Test
  void masksByTheOutputWhereTheInputIsNotAll() {
    Norm norm = new Norm(norm("b", "a"));
    Shortcut shortcut = new Shortcut(new Identity(), "x");

    assertThat(scaling(norm, "a", null, true, "r").mask()).isEqualTo(Mask.BY_INPUT);
    assertThat(scaling(norm, "a", shortcut, true, "r").mask()).isEqualTo(Mask.BY_OUTPUT);
    assertThat(scaling(norm, "a", shortcut, false, "r").mask()).isEqualTo(Mask.NONE);
  }
}
