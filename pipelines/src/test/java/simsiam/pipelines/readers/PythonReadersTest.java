package simsiam.pipelines.readers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSet;
import simsiam.model.data.ShardFooter;
import simsiam.model.data.ShardWriter;
import simsiam.model.data.features.FeatureFile;
import simsiam.model.data.features.FeatureRow;
import simsiam.model.data.table.PageCodec;
import simsiam.model.data.table.WriteSettings;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.Sha256;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;

/**
 * The shards as pyarrow, pandas and Hugging Face datasets read them, told no more than a folder.
 */
@Timeout(900)
class PythonReadersTest {
  private static final int ROWS = 40;
  private static final List<String> CLASSES = List.of("cat", "dog, \"big\"", "emu");
  private static PythonReaders python;

  @TempDir Path folder;
  @TempDir Path cache;

  private final MessageDigest pixels = Sha256.digest();
  private final List<Integer> labels = new ArrayList<>();
  private int lowest = -1;

  @BeforeAll
  static void install() throws IOException, InterruptedException {
    python = PythonReaders.install();
  }

  private void write(ImageEncoding encoding, List<String> classes, PageCodec codec) {
    Random random = new Random(4);
    for (int shard = 0; shard < 2; shard++) {
      ShardFooter footer = new ShardFooter(encoding, "train", classes, shard, 2, "salt", "f00d");
      Path file = folder.resolve(String.format(Locale.ROOT, "train-%05d-of-00002.parquet", shard));
      try (ShardWriter writer = new ShardWriter(file, footer, new WriteSettings(20_000, codec))) {
        for (int row = 0; row < ROWS; row++) {
          int label = classes.isEmpty() ? -1 : Math.max(lowest, row % 4 - 1);
          writer.write(example(encoding, "ü/" + shard + "#" + row, label, random));
        }
        writer.commit();
      }
    }
  }

  private ImageExample example(ImageEncoding encoding, String id, int label, Random random) {
    int height = 9 + random.nextInt(9);
    int width = 9 + random.nextInt(9);
    byte[] rgb = new byte[3 * height * width];
    random.nextBytes(rgb);
    byte[] bytes =
        encoding == ImageEncoding.RAW ? rgb : ImageEncoder.png(new RgbImage(height, width, rgb));
    pixels.update((id + " " + label + " ").getBytes(StandardCharsets.UTF_8));
    pixels.update(rgb);
    labels.add(label);
    return new ImageExample(id, label, height, width, bytes);
  }

  @ParameterizedTest
  @EnumSource(names = {"RAW", "PNG"})
  void everyReaderSeesTheRowsAndTheirPixels(ImageEncoding encoding)
      throws IOException, InterruptedException {
    write(encoding, CLASSES, PageCodec.ZSTD);
    Files.writeString(folder.resolve("manifest.json"), "{}");
    Files.writeString(folder.resolve("duplicates.jsonl"), "");

    JsonNode seen = CanonicalJson.parse(python.read(folder, cache));

    assertThat(seen.at("/rows").asInt()).isEqualTo(2 * ROWS);
    assertThat(seen.at("/columns").toString())
        .isEqualTo(
            "{\"id\":\"string\",\"label\":\"int64\",\"height\":\"int32\",\"width\":\"int32\","
                + "\"image\":\"struct<bytes: binary, path: string>\"}");
    String digest = Sha256.hex(pixels.digest());
    assertThat(seen.at("/pyarrow_pixels").asText()).isEqualTo(digest);
    assertThat(seen.at("/pandas_pixels").asText()).isEqualTo(digest);
    assertThat(seen.at("/pandas_labels")).extracting(JsonNode::asInt).isEqualTo(labels);
    assertThat(seen.at("/datasets_rows").asInt()).isEqualTo(2 * ROWS);
    assertThat(seen.at("/datasets_pixels").asText()).isEqualTo(digest);
    assertThat(seen.at("/streamed_pixels").asText()).isEqualTo(digest);
    assertThat(seen.at("/features").toString())
        .isEqualTo(
            "{\"id\":\"Value\",\"label\":\"ClassLabel\",\"height\":\"Value\",\"width\":\"Value\",\"image\":\"Image\"}");
    assertThat(seen.at("/class_names")).extracting(JsonNode::asText).isEqualTo(CLASSES);
    assertThat(seen.at("/first_names")).extracting(JsonNode::asText).isEqualTo(CLASSES);
  }

  /** The lines of docs/data.md as they stand, but for the folder and the number of files. */
  @Test
  void theLinesOfTheManualRun() throws IOException, InterruptedException {
    lowest = 0;
    write(ImageEncoding.RAW, CLASSES, PageCodec.NONE);
    String page = Files.readString(Path.of("..", "docs", "data.md"));
    Matcher block = Pattern.compile("(?ms)^```python\\n(.*?)^```$").matcher(page);
    assertThat(block.find()).isTrue();
    String lines =
        block
            .group(1)
            .replace("train-00000-of-00004.parquet", "train-00000-of-00002.parquet")
            .replace("runs/stages/shard/FINGERPRINT", folder.toString());
    assertThat(lines).doesNotContain("FINGERPRINT").contains(folder.toString());
    Path script =
        Files.writeString(
            cache.resolve("manual.py"),
            "import os\nos.environ['HF_HUB_OFFLINE'] = '1'\nos.environ['HF_HOME'] = '%s'\n%s"
                    .formatted(cache, lines)
                + "print(train.num_rows, len(rows))\n");

    assertThat(python.lastLine(script)).isEqualTo(2 * ROWS + " " + ROWS);
    assertThat(block.find()).as("a second block of Python").isFalse();
  }

  @Test
  void featuresAreListsOfNumbersToEveryReader() throws IOException, InterruptedException {
    Path file = folder.resolve("features-train.parquet");
    try (FeatureFile.Writer writer =
        new FeatureFile.Writer(file, 3, new FeatureFile.Origin("resnet10", "avgpool", "f00d"))) {
      writer.write(new FeatureRow("a", 1, new float[] {0.5f, -2, 1e-3f}));
      writer.write(new FeatureRow("b", -1, new float[] {4, 5, 6}));
      writer.commit();
    }
    Path script =
        Files.writeString(
            cache.resolve("features.py"),
            """
            import os, sys
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["HF_HOME"] = sys.argv[2]
            import datasets, numpy, pandas, pyarrow.parquet as pq
            table = pq.read_table(sys.argv[1])
            rows = pandas.read_parquet(sys.argv[1])
            data = datasets.load_dataset("parquet", data_files=sys.argv[1])["train"]
            assert numpy.stack(rows["feature"]).dtype == numpy.float32
            assert numpy.stack(rows["feature"]).shape == (2, 3)
            assert [list(map(float, r)) for r in rows["feature"]] == table["feature"].to_pylist()
            assert data["feature"][1] == [4, 5, 6] and data[0]["id"] == "a"
            print(table.schema.field("feature").type, table["label"].to_pylist(), rows["feature"][0])
            """);
    assertThat(python.lastLine(script, file, cache))
        .isEqualTo("list<element: float not null> [1, -1] [ 5.e-01 -2.e+00  1.e-03]");
  }

  @Test
  void severalClassesOfAnImageAreListsOfClassLabels() throws IOException, InterruptedException {
    List<LabelSet> sets =
        List.of(
            new LabelSet(List.of(), List.of()),
            new LabelSet(List.of(0, 2), List.of(1)),
            new LabelSet(List.of(1), List.of()));
    ShardFooter footer =
        new ShardFooter(ImageEncoding.RAW, "train", CLASSES, 0, 1, "salt", "f00d", true);
    try (ShardWriter writer =
        new ShardWriter(
            folder.resolve("train-00000-of-00001.parquet"),
            footer,
            sets,
            new WriteSettings(20_000, PageCodec.NONE))) {
      for (int label = -1; label < 3; label++) {
        writer.write(new ImageExample("i" + label, label, 1, 1, new byte[] {1, 2, 3}));
      }
      writer.commit();
    }
    Path script =
        Files.writeString(
            cache.resolve("several.py"),
            """
            import os, sys
            os.environ["HF_HUB_OFFLINE"] = "1"
            os.environ["HF_HOME"] = sys.argv[2]
            import datasets, pyarrow.parquet as pq
            data = datasets.load_dataset(sys.argv[1])["train"]
            names = data.features["labels"].feature.names
            table = pq.read_table(sys.argv[1] + "/train-00000-of-00001.parquet")
            assert data["image"][0].size == (1, 1) and data["label"][:] == [-1, 0, 1, 2]
            assert table["labels"].to_pylist() == data["labels"][:]
            print(data["labels"][:], data["ignored_labels"][:], names[2])
            """);
    assertThat(python.lastLine(script, folder, cache))
        .isEqualTo("[None, [], [0, 2], [1]] [None, [], [1], []] emu");
  }

  @Test
  void imagesWithoutLabelsAreReadToo() throws IOException, InterruptedException {
    write(ImageEncoding.PNG, List.of(), PageCodec.SNAPPY);
    JsonNode seen = CanonicalJson.parse(python.read(folder, cache));
    assertThat(seen.at("/datasets_pixels").asText()).isEqualTo(Sha256.hex(pixels.digest()));
    assertThat(seen.at("/class_names")).isEmpty();
  }
}
