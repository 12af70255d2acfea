package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetworkCostTest {
  /** ResNet-18 with the CIFAR stem has 0.5554 G multiply-adds an image of 32×32. */
  @Test
  void countsThePublishedCostOfAResNet18() {
    long convolutions = 555_417_600;
    long stem = 32 * 32 * 64 * 27;
    long heads = 512 * 2048 + 2048 * 2048 + 2 * 2048 * 512;
    long expected = 2 * 2 * (3 * (convolutions + heads) - stem);

    assertThat(NetworkCost.trainingFlops(resnet(Arch.RESNET18, Stem.CIFAR), 32))
        .isEqualTo(expected);
  }

  /** 1.8136 G and 4.0872 G multiply-adds at 224 pixels, without the classifier. */
  @Test
  void countsThePublishedCostsAtImageNetSize() {
    assertForward(Arch.RESNET18, 1_813_561_344L, 512);
    assertForward(Arch.RESNET50, 4_087_136_256L, 2048);
  }

  private static void assertForward(Arch arch, long convolutions, int features) {
    long stem = 112 * 112 * 64 * 147;
    long heads = features * 2048L + 2048 * 2048 + 2 * 2048 * 512;

    assertThat(NetworkCost.trainingFlops(resnet(arch, Stem.IMAGENET), 224))
        .isEqualTo(2 * 2 * (3 * (convolutions + heads) - stem));
  }

  private static NetworkSpec resnet(Arch arch, Stem stem) {
    return new NetworkSpec(
        new EncoderSpec(arch, stem, 64, true),
        new ProjectorSpec(2, 2048, true, true, true),
        new PredictorSpec(PredictorKind.MLP, 512, true, false),
        new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
  }
}
