package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SortedMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkLayoutTest {
  /** Counts of torchvision's models without their classifier; CIFAR-18 from the literature. */
  @ParameterizedTest
  @CsvSource({
    "RESNET18, IMAGENET, 11176512",
    "RESNET34, IMAGENET, 21284672",
    "RESNET50, IMAGENET, 23508032",
    "RESNET18, CIFAR, 11168832"
  })
  void backboneHasTheParametersOfTorchvision(Arch arch, Stem stem, int expected) {
    NetworkLayout layout = NetworkLayout.of(network(arch, stem, 64, PredictorKind.MLP, false));

    int count =
        layout.parameters().stream()
            .filter(p -> p.trained() && p.name().startsWith("backbone."))
            .mapToInt(ParameterSpec::size)
            .sum();

    assertThat(count).isEqualTo(expected);
  }

  @Test
  void namesAreThoseOfTorchvision() {
    assertThat(names(network(Arch.RESNET18, Stem.IMAGENET, 64, PredictorKind.MLP, false)))
        .contains(
            "backbone.conv1.weight",
            "backbone.bn1.running_var",
            "backbone.layer1.0.conv1.weight",
            "backbone.layer2.0.downsample.0.weight",
            "backbone.layer2.0.downsample.1.bias",
            "backbone.layer4.1.bn2.weight",
            "projector.0.weight",
            "projector.1.running_mean",
            "projector.3.weight",
            "predictor.0.weight",
            "predictor.3.bias")
        .doesNotContain("backbone.layer1.0.downsample.0.weight", "projector.0.bias");
  }

  @Test
  void withoutPredictorThereAreNoPredictorTensors() {
    assertThat(names(network(Arch.RESNET10, Stem.CIFAR, 16, PredictorKind.NONE, false)))
        .noneMatch(name -> name.startsWith("predictor"));
  }

  @Test
  void fixedPredictorIsNotTrained() {
    NetworkLayout layout =
        NetworkLayout.of(network(Arch.RESNET10, Stem.CIFAR, 16, PredictorKind.FIXED, false));

    assertThat(layout.parameters())
        .filteredOn(ParameterSpec::predictor)
        .isNotEmpty()
        .noneMatch(ParameterSpec::trained);
  }

  @Test
  void initialWeightsFollowPyTorchsDefaults() {
    NetworkSpec network = network(Arch.RESNET10, Stem.CIFAR, 16, PredictorKind.MLP, true);
    SortedMap<String, Tensor> weights = NetworkLayout.of(network).initialise(1);

    float[] conv = weights.get("backbone.layer3.0.conv2.weight").data();
    assertThat(deviation(conv)).isCloseTo(Math.sqrt(1.0 / (3 * 64 * 9)), within(0.0005));
    assertThat(max(conv)).isBetween(0.99f / 24, 1f / 24);
    float bound = (float) (1 / Math.sqrt(128));
    assertThat(weights.get("projector.0.weight").data())
        .satisfies(w -> assertThat(max(w)).isBetween(0.99f * bound, bound));
    assertThat(weights.get("predictor.3.bias").data())
        .satisfies(b -> assertThat(max(b)).isBetween(0.9f / 8, 1f / 8));
    assertThat(weights.get("backbone.layer1.0.bn1.weight").data()).containsOnly(1f);
    assertThat(weights.get("backbone.layer1.0.bn2.weight").data()).containsOnly(0f);
    assertThat(weights.get("backbone.layer1.0.bn2.running_var").data()).containsOnly(1f);
  }

  @Test
  void sameSeedSameWeightsAndThePredictorDoesNotTouchTheEncoder() {
    NetworkSpec mlp = network(Arch.RESNET10, Stem.CIFAR, 16, PredictorKind.MLP, false);
    NetworkSpec none = network(Arch.RESNET10, Stem.CIFAR, 16, PredictorKind.NONE, false);
    SortedMap<String, Tensor> first = NetworkLayout.of(mlp).initialise(7);

    assertThat(NetworkLayout.of(mlp).initialise(7).get("backbone.conv1.weight").data())
        .isEqualTo(first.get("backbone.conv1.weight").data());
    assertThat(NetworkLayout.of(none).initialise(7).get("projector.3.weight").data())
        .isEqualTo(first.get("projector.3.weight").data());
    assertThat(NetworkLayout.of(mlp).initialise(8).get("backbone.conv1.weight").data())
        .isNotEqualTo(first.get("backbone.conv1.weight").data());
  }

  private static NetworkSpec network(
      Arch arch, Stem stem, int width, PredictorKind kind, boolean zeroInit) {
    return new NetworkSpec(
        new EncoderSpec(arch, stem, width, zeroInit),
        new ProjectorSpec(2, 256, true, true, true),
        new PredictorSpec(kind, 64, true, false),
        new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
  }

  private static Iterable<String> names(NetworkSpec network) {
    return NetworkLayout.of(network).parameters().stream().map(ParameterSpec::name).toList();
  }

  private static double deviation(float[] values) {
    double mean = stream(values).average().orElseThrow();
    return Math.sqrt(stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  private static float max(float[] values) {
    return (float) stream(values).map(Math::abs).max().orElseThrow();
  }

  private static DoubleStream stream(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
  }
}
