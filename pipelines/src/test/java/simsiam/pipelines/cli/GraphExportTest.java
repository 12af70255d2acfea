package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.Rates;
import simsiam.model.engine.TrainingNet;
import simsiam.model.engine.nd4j.Nd4jEngine;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;

/** The command; {@code Dl4jEncoderTest} has the file read by a program with DL4J alone. */
class GraphExportTest {
  private static final int N = 6;
  private static final int SIZE = 12;

  @TempDir private Path folder;

  @Test
  void dl4jRestoresAnEncoderThatEncodesAsOurs() throws Exception {
    NetworkSpec spec = SavedCheckpoint.network();
    float[] pixels = pixels();
    float[] expected = new float[N * spec.encoder().featureDim()];
    try (TrainingNet net = new Nd4jEngine().create(spec, NetworkLayout.of(spec).initialise(5))) {
      for (int i = 0; i < 3; i++) { // so that running statistics are those of data
        net.step(pixels, N / 2, SIZE, new Rates(0.05, 0.05, 0.9, 5e-4));
      }
      SavedCheckpoint.save(folder, net);
      net.encode(pixels, N, SIZE, expected);
    }
    Path file = folder.resolve("encoder.zip");

    assertThat(export("--format", "dl4j", "--output", file.toString())).isZero();

    INDArray images = Nd4j.createFromArray(pixels).reshape(N, SIZE, SIZE, 3).permute(0, 3, 1, 2);
    INDArray output = ModelSerializer.restoreComputationGraph(file.toFile()).outputSingle(images);
    float[] restored = output.reshape(output.length()).toFloatVector();
    assertThat(restored).hasSameSizeAs(expected).doesNotContain(Float.NaN);
    for (int i = 0; i < expected.length; i++) {
      assertThat(restored[i]).isCloseTo(expected[i], within(1e-5f));
    }
    Map<String, String> metadata = ModelSerializer.getObjectFromFile(file.toFile(), "simsiam");
    assertThat(metadata)
        .containsEntry("arch", "resnet18")
        .containsEntry("width", "4")
        .containsEntry("mean", "[0.1, 0.2, 0.3]")
        .containsEntry("step", "40");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("checkpoints", "encoder.zip");
    }
  }

  private int export(String... options) {
    String[] command = new String[options.length + 2];
    command[0] = "export";
    command[1] = folder.toString();
    System.arraycopy(options, 0, command, 2, options.length);
    StringWriter nowhere = new StringWriter();
    return new Program(new FakeServices(), PlainWords.output(nowhere, nowhere, false)).run(command);
  }

  private static float[] pixels() {
    Random random = new Random(1);
    float[] pixels = new float[N * SIZE * SIZE * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
