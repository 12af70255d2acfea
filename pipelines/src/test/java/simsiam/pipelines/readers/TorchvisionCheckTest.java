package simsiam.pipelines.readers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.augment.EvalTransform;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.pipelines.source.Fixtures;

/**
 * The check of an export in PyTorch that README names. Its networks need gigabytes of packages and
 * are left to those who run it; what it reads, and what it makes of images, is held to here.
 */
@Timeout(900)
class TorchvisionCheckTest {
  private static final Path CHECK = Path.of("..", "eval", "src", "check", "torchvision_check.py");
  private static final Path EVERY_KIND =
      Path.of("..", "model", "src", "test", "resources", "image", "sound");
  private static final int SIZE = 32;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void readsFeaturesAndImagesAsTheyAreMeasured(ImageEncoding encoding) throws Exception {
    List<ImageExample> examples = examples(encoding);
    writeShard(encoding, examples);
    Path features = folder.resolve("features-train.parquet");
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(
            features, 2, new FeatureFile.Origin("resnet10", "avgpool", "f00d"))) {
      for (int i = 0; i < examples.size(); i++) {
        writer.write(new FeatureRow(examples.get(i).id(), 0, new float[] {i + 0.5f, -i}));
      }
      writer.commit();
    }

    JsonNode seen =
        CanonicalJson.parse(
            PythonReaders.install().check(CHECK.toAbsolutePath(), folder, features, SIZE));

    assertThat(seen.get("encoding").asText()).isEqualTo(encoding.name().toLowerCase(Locale.ROOT));
    for (int i = 0; i < examples.size(); i++) {
      ImageExample example = examples.get(i);
      assertThat(seen.get("ids").get(i).asText()).isEqualTo(example.id());
      assertThat(seen.get("features").get(i).toString()).isEqualTo("[%s,%s]", i + 0.5, -i * 1.0);
      RgbImage measured = new EvalTransform(SIZE).apply(image(encoding, example));
      assertThat(seen.get("pixels").get(i).asText())
          .as(example.id())
          .isEqualTo(Sha256.hex(Sha256.digest().digest(measured.pixels())));
    }
  }

  @Test
  void saysWhatToInstallWhereAPackageIsMissing() throws Exception {
    Process check =
        new ProcessBuilder("python3", "-S", CHECK.toString(), "x")
            .redirectErrorStream(true)
            .start();

    assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .startsWith("error: No module named ")
        .endsWith("; install what the head of this file names\n");
    assertThat(check.waitFor()).isEqualTo(2);
  }

  private static RgbImage image(ImageEncoding encoding, ImageExample example) throws IOException {
    return encoding == ImageEncoding.RAW
        ? new RgbImage(example.height(), example.width(), example.image())
        : new ImageDecoder().decode(example.image(), example.id());
  }

  /** Tall, wide and square ones, smaller and larger than what is measured; of files every kind. */
  private static List<ImageExample> examples(ImageEncoding encoding) throws IOException {
    List<ImageExample> examples = new ArrayList<>();
    if (encoding == ImageEncoding.ORIGINAL) {
      try (Stream<Path> files = Files.list(EVERY_KIND)) {
        for (Path file : files.sorted().toList()) {
          byte[] bytes = Files.readAllBytes(file);
          String name = file.getFileName().toString();
          RgbImage image = new ImageDecoder().decode(bytes, name);
          examples.add(new ImageExample(name, 0, image.height(), image.width(), bytes));
        }
      }
      return examples;
    }
    int[][] sizes = {{200, 37}, {37, 200}, {9, 13}, {32, 32}, {36, 36}, {1, 50}, {50, 1}};
    for (int[] size : sizes) {
      RgbImage image = Fixtures.image(size[0], size[1], size[0]);
      byte[] bytes =
          switch (encoding) {
            case RAW -> image.pixels();
            case PNG -> ImageEncoder.png(image);
            default -> ImageEncoder.jpeg(image);
          };
      String id = size[1] + "x" + size[0];
      examples.add(new ImageExample(id, 0, size[0], size[1], bytes));
    }
    return examples;
  }

  private void writeShard(ImageEncoding encoding, List<ImageExample> examples) throws IOException {
    ShardFooter footer = new ShardFooter(encoding, "train", List.of("a"), 0, 1, "salt", "f00d");
    WriteSettings settings = new WriteSettings(20_000, PageCodec.NONE);
    String name = "train-00000-of-00001.parquet";
    try (ShardWriter writer = new ShardWriter(folder.resolve(name), footer, settings)) {
      examples.forEach(writer::write);
      writer.commit();
    }
    Files.writeString(
        folder.resolve("manifest.json"),
        "{\"image_encoding\": \"%s\", \"splits\": {\"train\": {\"shards\": [{\"file\": \"%s\"}]}}}"
            .formatted(encoding.name().toLowerCase(Locale.ROOT), name));
  }
}
