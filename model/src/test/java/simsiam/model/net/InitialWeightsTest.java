package simsiam.model.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.file.Sha256;

/**
 * Names, shapes and initial values as the first release had them: a training is begun from a seed,
 * and checkpoints of old trainings are read.
 */
class InitialWeightsTest {
  private static final long SEED = 7;

  static Stream<Arguments> networks() {
    return Stream.of(
        Arguments.argumentSet(
            "ResNet-10, CIFAR stem",
            network(encoder(Arch.RESNET10, Stem.CIFAR, 8, true), TWO, MLP),
            "2cf0dc9dee380cdaaf3c2804a849c06ccb68db04e2a61c0267c733f99e5d7293",
            "63fe825af0f0a6587c5672807bef1b0de313326e98df25a518ac413b3fd79332",
            new NetworkCost(691_200, 12_288_000, 7_168, 144_208, 81_112)),
        Arguments.argumentSet(
            "ResNet-18, CIFAR stem",
            network(encoder(Arch.RESNET18, Stem.CIFAR, 16, false), TWO, MLP),
            "fcdc7c16c09045a4a9fdd2dbdf3d66abc395031118162a127a7ca513f2153fc9",
            "8b579944dbb753a437fed8b9b16b5a236d685f4a850c57593ff29a35a43502ed",
            new NetworkCost(1_382_400, 108_134_400, 11_264, 480_208, 705_984)),
        Arguments.argumentSet(
            "ResNet-34, ImageNet stem",
            network(encoder(Arch.RESNET34, Stem.IMAGENET, 8, true), THREE, MLP),
            "5f14fd8c849c1c447ef19c535532f99832a22e0ae81864d8caacbcd103628077",
            "b197e79ad8284ddadc7dd1b8a11e07a2f43c6ab6cd8ee3b70140b129c2eb8e4d",
            new NetworkCost(940_800, 5_116_928, 16_896, 34_672, 344_168)),
        Arguments.argumentSet(
            "ResNet-50, fixed predictor",
            network(
                encoder(Arch.RESNET50, Stem.IMAGENET, 8, true),
                THREE,
                new PredictorSpec(PredictorKind.FIXED, 12, true, true)),
            "14040de94793cd942aebdc2130b75b88cd7d1296da6632783e444c945c1bff9c",
            "70ba7c498e3d424e01aec51baf0bbb4c8f4a55561496b2f9fc170d9fc79f474e",
            new NetworkCost(940_800, 5_695_488, 36_096, 102_776, 391_240)),
        Arguments.argumentSet(
            "no norm in the head, no predictor",
            network(
                NARROW,
                new ProjectorSpec(1, 16, false, false, true),
                new PredictorSpec(PredictorKind.NONE, 8, true, false)),
            "97656e60ee4c1194800ac70e3b028c1b50cd119fd7fbedab7f783a6b3259ddb0",
            "494b606777feb56a577a2cf9366488563fac757ca6e9bfd595c96fac4ff99a30",
            new NetworkCost(345_600, 3_072_000, 1_024, 72_032, 20_100)),
        Arguments.argumentSet(
            "four layers, predictor without norm",
            network(
                NARROW,
                new ProjectorSpec(4, 16, false, true, false),
                new PredictorSpec(PredictorKind.MLP, 8, false, false)),
            "05cc59db055121d46319aa36eaf0d8dd39cc726096ab26e29b9863fdfcaa6ca7",
            "50335eed5fb1a50aa1b2e4dfae9f2257b2247d25d3cfc6363e9a7bbd2b8a4594",
            new NetworkCost(345_600, 3_072_000, 3_072, 72_176, 21_180)));
  }

  private static final EncoderSpec NARROW = encoder(Arch.RESNET10, Stem.CIFAR, 4, false);
  private static final ProjectorSpec TWO = new ProjectorSpec(2, 32, true, true, true);
  private static final ProjectorSpec THREE = new ProjectorSpec(3, 48, true, true, false);
  private static final PredictorSpec MLP = new PredictorSpec(PredictorKind.MLP, 8, true, false);

  private static EncoderSpec encoder(Arch arch, Stem stem, int width, boolean zeroInit) {
    return new EncoderSpec(arch, stem, width, zeroInit);
  }

  private static NetworkSpec network(
      EncoderSpec encoder, ProjectorSpec projector, PredictorSpec predictor) {
    return new NetworkSpec(
        encoder,
        projector,
        predictor,
        new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void areWhatTheyWere(NetworkSpec spec, String names, String values, NetworkCost cost) {
    NetworkLayout layout = NetworkLayout.of(spec);

    assertThat(namesAndShapes(layout)).isEqualTo(names);
    assertThat(initialValues(layout)).isEqualTo(values);
    assertThat(NetworkCost.of(spec, 40)).isEqualTo(cost);
  }

  private static String namesAndShapes(NetworkLayout layout) {
    String lines =
        layout.parameters().stream()
            .sorted(Comparator.comparing(ParameterSpec::name))
            .map(p -> "%s %s %s %s\n".formatted(p.name(), p.shape(), p.trained(), p.predictor()))
            .collect(Collectors.joining());
    MessageDigest digest = Sha256.digest();
    return HexFormat.of().formatHex(digest.digest(lines.getBytes(StandardCharsets.UTF_8)));
  }

  private static String initialValues(NetworkLayout layout) {
    MessageDigest digest = Sha256.digest();
    layout
        .initialise(SEED)
        .forEach(
            (name, tensor) -> {
              digest.update(name.getBytes(StandardCharsets.UTF_8));
              ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * tensor.data().length);
              bytes.asFloatBuffer().put(tensor.data());
              digest.update(bytes);
            });
    return HexFormat.of().formatHex(digest.digest());
  }
}
