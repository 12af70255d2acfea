package simsiam.eval.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.engine.Tap;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.Network;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;

class LayerTapsTest {
  private static List<Tap> taps(Arch arch, Stem stem, int width, int size, int maxDim) {
    return LayerTaps.of(network(arch, stem, width), size, maxDim);
  }

  private static Network network(Arch arch, Stem stem, int width) {
    return Method.of(
            new NetworkSpec(
                new EncoderSpec(arch, stem, width, false),
                new ProjectorSpec(2, 8, true, true, true),
                new PredictorSpec(PredictorKind.MLP, 4, true, false),
                new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC)))
        .encoder();
  }

  /** Grids 12, 6, 4, 3, 2 and 9,216, 9,216, 8,192, 9,216, 8,192 values. */
  @Test
  void aResNet50HasThePublishedGrids() {
    List<Tap> taps = taps(Arch.RESNET50, Stem.IMAGENET, 64, 224, 9216);
    assertThat(taps).extracting(Tap::side).containsExactly(12, 6, 4, 3, 2);
    assertThat(taps)
        .extracting(Tap::name)
        .containsExactly("stem", "layer1", "layer2", "layer3", "layer4");
    assertThat(taps)
        .extracting(tap -> tap.length(network(Arch.RESNET50, Stem.IMAGENET, 64), 224))
        .containsExactly(9216, 9216, 8192, 9216, 8192);
  }

  @Test
  void smallImagesAreNeverPooledToMoreCellsThanTheyHave() {
    assertThat(taps(Arch.RESNET18, Stem.CIFAR, 64, 32, 9216))
        .extracting(Tap::side)
        .containsExactly(12, 12, 8, 6, 4);
    assertThat(taps(Arch.RESNET10, Stem.CIFAR, 16, 32, 9216))
        .extracting(Tap::side)
        .containsExactly(24, 24, 16, 8, 4);
    assertThat(taps(Arch.RESNET10, Stem.CIFAR, 16, 32, 40))
        .as("more channels than values: one cell")
        .extracting(Tap::side)
        .containsExactly(1, 1, 1, 1, 1);
  }

  @Test
  void wrongKeysAreNamed() {
    assertThatThrownBy(() -> new LayersSpec(-1, -1, 1, 0, -1, List.of(5, 5)))
        .isInstanceOfSatisfying(
            InvalidConfigException.class,
            e ->
                assertThat(e.violations())
                    .extracting("key")
                    .containsExactly(
                        "max_dim", "epochs", "batch_size", "lr", "weight_decay", "milestones"));
  }
}
