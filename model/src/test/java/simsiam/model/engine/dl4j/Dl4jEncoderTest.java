package simsiam.model.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.engine.Rates;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.PredictorSpec;
import simsiam.model.net.ProjectorSpec;
import simsiam.model.net.Similarity;
import simsiam.model.net.Stem;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Tensor;

/** A DL4J file is judged by a process that has DL4J and no class of ours. */
class Dl4jEncoderTest {
  private static final int N = 6;
  private static final int SIZE = 20;

  /** What Maven gives to a program that depends on deeplearning4j-nn and nd4j-native alone. */
  private static final List<String> DL4J =
      List.of(
          "org/deeplearning4j",
          "org/nd4j",
          "org/bytedeco/javacpp",
          "org/bytedeco/openblas",
          "com/github/oshi",
          "com/google/code/gson",
          "com/google/flatbuffers",
          "com/jakewharton/byteunits",
          "commons-codec",
          "commons-io",
          "commons-net",
          "it/unimi/dsi",
          "net/ericaro",
          "net/java/dev/jna",
          "org/apache/commons/commons-collections4",
          "org/apache/commons/commons-compress",
          "org/apache/commons/commons-lang3",
          "org/apache/commons/commons-math3",
          "org/slf4j",
          "org/threeten");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"RESNET18, CIFAR", "RESNET50, IMAGENET"})
  void dl4jAloneRestoresAnEncoderThatEncodesAsOurs(Arch arch, Stem stem) throws Exception {
    NetworkSpec spec = network(new EncoderSpec(arch, stem, 4, false));
    float[] pixels = pixels();
    float[] expected = new float[N * spec.encoder().featureDim()];
    Path file = folder.resolve("encoder.zip");
    try (TrainingNet net = new Nd4jEngine().create(spec, NetworkLayout.of(spec).initialise(5))) {
      for (int i = 0; i < 3; i++) { // so that running statistics are those of data
        net.step(pixels, N / 2, SIZE, new Rates(0.05, 0.05, 0.9, 5e-4));
      }
      net.encode(pixels, N, SIZE, expected);
      Dl4jEncoder.write(
          Method.of(spec).encoder(),
          net.exportWeights(),
          new TreeMap<>(Map.of("arch", "some")),
          file);
    }

    float[] restored = encodedElsewhere(file, channelsFirst(pixels));

    assertThat(restored).hasSameSizeAs(expected).doesNotContain(Float.NaN);
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertThat(scale).isGreaterThan(0.1);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) restored[i]).isCloseTo(expected[i], within(1e-5 * scale));
    }
    Map<String, String> metadata =
        ModelSerializer.getObjectFromFile(file.toFile(), Dl4jEncoder.METADATA);
    assertThat(metadata).containsExactly(Map.entry("arch", "some"));
  }

  @Test
  void saysWhichTensorIsMissing() {
    NetworkSpec spec = network(new EncoderSpec(Arch.RESNET10, Stem.CIFAR, 4, false));
    SortedMap<String, Tensor> weights = NetworkLayout.of(spec).initialise(1);
    weights.remove("backbone.bn1.running_var");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dl4jEncoder.graph(Method.of(spec).encoder(), weights))
        .withMessage(
            "Cannot make a graph: expected a tensor backbone.bn1.running_var of 4 values, got"
                + " none");
    weights.put("backbone.bn1.running_var", Tensor.of(new float[3], 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dl4jEncoder.graph(Method.of(spec).encoder(), weights))
        .withMessageEndingWith("backbone.bn1.running_var of 4 values, got the shape [3]");
  }

  private static NetworkSpec network(EncoderSpec encoder) {
    return new NetworkSpec(
        encoder,
        new ProjectorSpec(2, 16, true, true, true),
        new PredictorSpec(PredictorKind.MLP, 8, true, false),
        new ObjectiveSpec(Similarity.COSINE, true, Symmetry.SYMMETRIC));
  }

  private static float[] pixels() {
    Random random = new Random(1);
    float[] pixels = new float[N * SIZE * SIZE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private static float[] channelsFirst(float[] pixels) {
    int area = SIZE * SIZE;
    float[] result = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int image = i / (3 * area);
      result[(3 * image + i % 3) * area + i / 3 % area] = pixels[i];
    }
    return result;
  }

  private float[] encodedElsewhere(Path file, float[] pixels)
      throws IOException, InterruptedException {
    Path in = Files.write(folder.resolve("pixels"), EncoderReader.bytes(pixels));
    Path features = folder.resolve("features");
    Path out = folder.resolve("out");
    Path source =
        Path.of("src/test/java", EncoderReader.class.getName().replace('.', '/') + ".java");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", dl4jAlone(), source.toString(), file.toString()));
    command.addAll(List.of(String.valueOf(N), String.valueOf(SIZE), features.toString()));
    int code =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start()
            .waitFor();
    assertThat(code).as(Files.readString(out)).isZero();
    return EncoderReader.floats(Files.readAllBytes(features));
  }

  private static String dl4jAlone() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> DL4J.stream().anyMatch(group -> entry.contains("/" + group + "/")))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
