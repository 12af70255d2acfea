package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.source.Fixtures;

/** Whatever preprocess lets pass goes through every later stage. */
class ExtremeShapesTest {
  private static final Path EVERY_KIND =
      Path.of("..", "model", "src", "test", "resources", "image", "sound");

  private static final String CONFIG =
      """
      extends: base.yaml
      name: shapes
      workspace: runs
      dataset: {source: image_folder, path: images}
      preprocess: {max_reject_fraction: 0.5}
      augment: {crop_size: 24, blur: {p: 0.5}}
      encoder: {arch: resnet10, width: 4}
      projector: {dim: 16}
      predictor: {hidden: 8}
      train: {engine: nd4j, epochs: 2, batch_size: 16, knn_every_epochs: 1}
      knn: {k: 2}
      linear: {epochs: 2}
      tracking: {mode: offline}
      """;

  @TempDir Path folder;

  @BeforeEach
  void images() throws IOException {
    Files.writeString(folder.resolve("shapes.yaml"), CONFIG);
    for (String split : List.of("train", "val")) {
      int seed = split.length();
      Path images = folder.resolve("images").resolve(split);
      for (int i = 0; i < 8; i++) {
        Fixtures.write(images.resolve("plain/" + i + ".png"), Fixtures.png(30, 40, seed + 10L * i));
      }
      Path odd = images.resolve("odd");
      shape(odd, "dot", 1, 1, seed);
      shape(odd, "tall", 1000, 1, seed);
      shape(odd, "wide", 1, 1000, seed);
      shape(odd, "wide-2", 5, 4999, seed);
      shape(odd, "tall-2", 30_000, 31, seed);
      shape(odd, "too-wide", 1, 20_000, seed);
      shape(odd, "too-tall", 2003, 2, seed);
      Fixtures.write(odd.resolve("huge.png"), huge(2000 + seed, 3000));
    }
    try (Stream<Path> kinds = Files.list(EVERY_KIND)) {
      for (Path kind : kinds.toList()) {
        String name = kind.getFileName().toString();
        String split = name.hashCode() % 2 == 0 ? "train" : "val"; // the same in both is left out
        Files.copy(kind, folder.resolve("images").resolve(split).resolve("odd").resolve(name));
      }
    }
  }

  private static void shape(Path folder, String name, int height, int width, int seed) {
    Fixtures.write(
        folder.resolve(name + ".png"), Fixtures.png(height, width, seed + name.hashCode()));
  }

  /** Quickly coded: grey of one bit. */
  private static byte[] huge(int height, int width) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY);
    for (int y = 0; y < height; y += 3) {
      image.setRGB(y, y, -1);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "preprocess.encoding=raw",
        "preprocess.encoding=original",
        "preprocess.encoding=jpeg preprocess.resize_shorter_side=28 preprocess.pad_to=32"
      })
  void goThroughEveryStage(String overrides) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("run", folder.resolve("shapes.yaml").toString()));
    arguments.add("workspace=" + folder.resolve("runs"));
    arguments.addAll(List.of(overrides.split(" ", -1)));
    try (SimsiamProcess run = SimsiamProcess.start(folder, arguments.toArray(String[]::new))) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }

    assertThat(rejects())
        .containsOnlyKeys(
            "train/odd/too-tall.png",
            "train/odd/too-wide.png",
            "val/odd/too-tall.png",
            "val/odd/too-wide.png")
        .containsValue("too_narrow");
    List<String> measured = new ArrayList<>();
    for (String split : List.of("train", "test")) {
      Path file = Path.of("features-" + split + ".parquet");
      try (FeatureFile.Reader features = new FeatureFile.Reader(output("features").resolve(file))) {
        features.forEach(row -> measured.add(row.id()));
      }
    }
    assertThat(measured)
        .contains("train/odd/tall.png", "train/odd/wide-2.png")
        .contains("val/odd/dot.png", "val/odd/wide.png", "val/odd/tall-2.png")
        .hasSizeGreaterThan(50);
    assertThat(measured.stream().map(id -> id.substring(id.lastIndexOf('/') + 1)))
        .contains("huge.png", "grey16.png", "palette4.png", "grey-alpha16.png", "lossy-alpha.webp");
  }

  private Map<String, String> rejects() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (String line : Files.readAllLines(output("preprocess").resolve("rejects.jsonl"))) {
      var reject = CanonicalJson.parse(line);
      reasons.put(reject.get("id").asText(), reject.get("reason").asText());
    }
    return reasons;
  }

  private Path output(String stage) throws IOException {
    try (Stream<Path> outputs = Files.list(folder.resolve("runs/stages").resolve(stage))) {
      return outputs.findFirst().orElseThrow();
    }
  }
}
