package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.ReferenceStep;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;

/** The whole step against central differences of the plain double implementation. */
class GradientCheckTest {
  private static final int BATCH = 4;

  /** Tensors of a network looked at, one value each. */
  private static final int TENSORS = 50;

  static Stream<Arguments> networks() {
    return Stream.of(
        argumentSet("default", Networks.small()),
        argumentSet("ImageNet stem", encoder(Arch.RESNET10, Stem.IMAGENET)),
        argumentSet("ResNet-18", encoder(Arch.RESNET18, Stem.CIFAR)),
        argumentSet("ResNet-50", encoder(Arch.RESNET50, Stem.CIFAR)),
        argumentSet("three layers", Networks.with(new ProjectorSpec(3, 12, true, true, false))),
        argumentSet("no hidden norm", Networks.with(new ProjectorSpec(2, 12, false, true, true))),
        argumentSet("no norm", Networks.with(new ProjectorSpec(2, 12, false, false, false))),
        argumentSet("one layer", Networks.with(new ProjectorSpec(1, 12, true, true, true))),
        argumentSet("no predictor", Networks.with(PredictorKind.NONE)),
        argumentSet("fixed predictor", Networks.with(PredictorKind.FIXED)),
        argumentSet("predictor without norm", predictor(false, false)),
        argumentSet("predictor with norm on all", predictor(true, true)),
        argumentSet("live target", objective(Similarity.COSINE, false, Symmetry.SYMMETRIC)),
        argumentSet(
            "live cross entropy", objective(Similarity.CROSS_ENTROPY, false, Symmetry.ASYMMETRIC)),
        argumentSet("cross entropy", objective(Similarity.CROSS_ENTROPY, true, Symmetry.SYMMETRIC)),
        argumentSet("asymmetric", objective(Similarity.COSINE, true, Symmetry.ASYMMETRIC)),
        argumentSet("asymmetric 2x", objective(Similarity.COSINE, true, Symmetry.ASYMMETRIC_2X)));
  }

  private static NetworkSpec encoder(Arch arch, Stem stem) {
    return Networks.with(new EncoderSpec(arch, stem, 4, false));
  }

  private static NetworkSpec predictor(boolean hiddenNorm, boolean outputNorm) {
    return Networks.with(new PredictorSpec(PredictorKind.MLP, 8, hiddenNorm, outputNorm));
  }

  private static NetworkSpec objective(Similarity similarity, boolean stop, Symmetry symmetry) {
    return Networks.with(similarity, stop, symmetry);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void lossAndGradientsMatchFiniteDifferences(NetworkSpec spec) {
    // Odd maps, and more than one pixel in the last stage.
    int size = spec.encoder().stem() == Stem.CIFAR ? 12 : 40;
    SortedMap<String, Tensor> weights = NetworkLayout.of(spec).initialise(3);
    float[] views = Networks.pixels(BATCH * spec.objective().symmetry().views(), size, 5);
    ReferenceStep reference = new ReferenceStep(spec, weights, views, BATCH, size);
    double loss = reference.loss();
    if (spec.objective().stopGradient()) {
      reference.freezeTargets();
    }
    Map<KernelSet, SortedMap<String, Tensor>> gradients = new EnumMap<>(KernelSet.class);
    for (KernelSet set : KernelSet.values()) {
      try (Nd4jNet net = set.net(spec, weights)) {
        assertThat(net.gradients(views, BATCH, size, new float[0]).loss())
            .as("loss of %s", set)
            .isCloseTo(loss, within(1e-5 * amplification(spec)));
        gradients.put(set, net.exportGradients());
        assertThat(net.exportGradients().keySet())
            .containsExactlyInAnyOrderElementsOf(
                NetworkLayout.of(spec).parameters().stream()
                    .filter(ParameterSpec::trained)
                    .map(ParameterSpec::name)
                    .toList());
      }
    }
    List<String> names = new ArrayList<>(gradients.get(KernelSet.HOST).keySet());
    Random random = new Random(7);
    Collections.shuffle(names, random);
    for (String name : names.subList(0, Math.min(TENSORS, names.size()))) {
      int index = random.nextInt(gradients.get(KernelSet.HOST).get(name).data().length);
      // small, so as not to cross a ReLU's kink
      double expected = reference.derivative(name, index, 1e-7);
      double tolerance = 2e-3 * amplification(spec) * Math.abs(expected) + 1e-4;
      for (KernelSet set : KernelSet.values()) {
        assertThat((double) gradients.get(set).get(name).data()[index])
            .as("%s[%d] of %s", name, index, set)
            .isCloseTo(expected, within(tolerance));
      }
    }
  }

  /** Fifty layers of batch norm over a small batch amplify the rounding of float32. */
  private static double amplification(NetworkSpec spec) {
    return spec.encoder().arch() == Arch.RESNET50 ? 10 : 1;
  }
}
