package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.CanonicalJson;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;

/**
 * On a folder of 2 classes with 20 images each, one of them cut in half, one under both classes,
 * and beside them a link that leads nowhere, a hidden file and a split that is not read.
 */
class DataCommandTest {
  @TempDir static Path folder;
  private static final StringBuilder PLAN = new StringBuilder();
  private static final StringBuilder RUN = new StringBuilder();
  private static final StringWriter OUT = new StringWriter();
  private static final StringWriter ERR = new StringWriter();

  private static int simsiam(String... args) {
    OUT.getBuffer().setLength(0);
    ERR.getBuffer().setLength(0);
    Output output = PlainWords.output(OUT, ERR, false);
    return new Program(new ProductServices(), output).run(args);
  }

  private static String config() {
    return folder.resolve("birds.yaml").toString();
  }

  private static Path shards() throws IOException {
    try (Stream<Path> found = Files.list(folder.resolve("runs/stages/shard"))) {
      return found.findFirst().orElseThrow();
    }
  }

  @BeforeAll
  static void prepare() throws IOException {
    Random random = new Random(1);
    for (String name : List.of("crow", "duck")) {
      Path birds = Files.createDirectories(folder.resolve("images/train").resolve(name));
      for (int i = 0; i < 20; i++) {
        byte[] pixels = new byte[3 * 24 * 24];
        random.nextBytes(pixels);
        byte[] png = ImageEncoder.png(new RgbImage(24, 24, pixels));
        boolean cut = name.equals("duck") && i == 7;
        Files.write(birds.resolve(i + ".png"), cut ? Arrays.copyOf(png, 900) : png);
      }
    }
    Files.createDirectories(folder.resolve("images/val/crow"));
    Files.createDirectories(folder.resolve("images/val/duck"));
    for (String name : List.of("crow", "duck")) {
      byte[] pixels = new byte[3 * 24 * 24];
      Arrays.fill(pixels, (byte) name.length());
      pixels[0] = (byte) name.charAt(0);
      Files.write(
          folder.resolve("images/val").resolve(name).resolve("0.png"),
          ImageEncoder.png(new RgbImage(24, 24, pixels)));
    }
    Files.copy(
        folder.resolve("images/train/crow/3.png"),
        folder.resolve("images/train/duck/3.png"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.createSymbolicLink(folder.resolve("images/train/duck/gone.png"), Path.of("nowhere"));
    Files.writeString(folder.resolve("images/train/duck/.DS_Store"), "x");
    Files.createDirectories(folder.resolve("images/test/crow"));
    Files.writeString(
        Path.of(config()),
        """
        extends: %s
        name: birds
        workspace: %s
        dataset: {source: image_folder, path: images}
        preprocess: {encoding: png, max_reject_fraction: 0.1}
        shard: {shards: 2, max_label_conflict_fraction: 0.05}
        augment: {crop_size: 16}
        train: {batch_size: 4}
        knn: {k: 5}
        tracking: {mode: offline}
        """
            .formatted(
                Path.of("..", "conf", "base.yaml").toAbsolutePath().normalize(),
                folder.resolve("runs")));
    assertThat(simsiam("data", "verify", config())).isEqualTo(ExitCode.USAGE);
    assertThat(ERR.toString()).contains("Cannot find the data").contains("--to shard");
    assertThat(simsiam("plan", config())).as(ERR.toString()).isZero();
    PLAN.append(OUT);
    assertThat(simsiam("run", config(), "--to", "shard")).as(ERR.toString()).isZero();
    RUN.append(OUT);
  }

  @Test
  void showsWhatTheSetHoldsAndDrawsSheets() throws IOException {
    Path sheets = folder.resolve("sheets");
    assertThat(simsiam("data", "show", config(), "--output", sheets.toString())).isZero();
    assertThat(OUT.toString().lines().map(String::strip))
        .anyMatch(line -> line.matches("train +38 images in 2 shards, .* MB"))
        .anyMatch(line -> line.matches("test +2 images in 2 shards, .* MB"))
        .anyMatch(line -> line.matches("rejects +\\{missing=1, truncated=1\\}"))
        .anyMatch(
            line ->
                line.matches(
                    "label conflicts +1 of 41 images \\(2\\.44 %\\) also under another class:"
                        + " train/duck/3\\.png \\(duck\\) is train/crow/3\\.png \\(crow\\)"))
        .anyMatch(
            line ->
                line.matches(
                    "skipped +2 files or folders skipped: hidden 1 \\(train/duck/\\.DS_Store\\),"
                        + " not_used 1 \\(test/\\)"))
        .anyMatch(line -> line.matches("crow +1 +20 +#{40}"))
        .anyMatch(line -> line.matches("duck +1 +18 +#{36}"));
    // 38 images in rows of ten, 96 layout pixels each, drawn at double size.
    BufferedImage examples = ImageIO.read(sheets.resolve("examples.png").toFile());
    assertThat(examples.getWidth()).isGreaterThan(10 * 96 * 2);
    assertThat(examples.getHeight()).isGreaterThan(4 * 96 * 2);
    assertThat(ImageIO.read(sheets.resolve("rejects.png").toFile()).getWidth())
        .isLessThan(2 * 96 * 2);
  }

  @Test
  void planTellsWhatTheSourceHolds() {
    assertThat(PLAN.toString().lines().map(String::strip))
        .anyMatch(line -> line.matches("classes +2 \\(crow, duck\\)"))
        .anyMatch(line -> line.matches("train +train/: 40 images \\(crow 20, duck 20\\)"))
        .anyMatch(line -> line.matches("test +val/: 2 images \\(crow 1, duck 1\\)"))
        .anyMatch(line -> line.matches("not there +1 images, each a reject: .*gone\\.png.*"))
        .anyMatch(line -> line.matches("skipped +2 files or folders skipped: hidden 1 .*"));
  }

  @Test
  void planTellsItAsJson() {
    assertThat(simsiam("plan", config(), "--json")).isZero();
    var source = CanonicalJson.parse(OUT.toString()).get(0).get("source");
    assertThat(source.at("/classes/1").asText()).isEqualTo("duck");
    assertThat(source.at("/splits/0/class_counts/1").asInt()).isEqualTo(20);
    assertThat(source.at("/splits/0/missing/0").asText()).isEqualTo("train/duck/gone.png");
    assertThat(source.at("/splits/1/images").asInt()).isEqualTo(2);
    assertThat(source.at("/skipped")).hasSize(2);
  }

  @Test
  void theRunTellsWhatWasLeftOut() throws IOException {
    assertThat(RUN.toString())
        .contains(
            "41 images, 2 rejected {missing=1, truncated=1}, 2 files or folders skipped: hidden 1"
                + " (train/duck/.DS_Store), not_used 1 (test/)")
        .contains("test 2, train 38, 1 duplicates left out (1 of another class)");
    try (Stream<Path> found = Files.list(folder.resolve("runs/stages/preprocess"))) {
      Path examples = found.findFirst().orElseThrow();
      assertThat(Files.readAllLines(examples.resolve("rejects.jsonl")))
          .hasSize(2)
          .anyMatch(line -> line.contains("which leads nowhere (train/duck/gone.png)"));
      assertThat(Files.readAllLines(examples.resolve("skipped.jsonl"))).hasSize(2);
    }
  }

  @Test
  void showsAFolderOfShardsAsJson() throws IOException {
    Path sheets = folder.resolve("json-sheets");
    String shards = shards().toString();
    assertThat(simsiam("data", "show", shards, "--json", "--output", sheets.toString())).isZero();
    var json = CanonicalJson.parse(OUT.toString());
    assertThat(json.at("/manifest/splits/train/rows").asInt()).isEqualTo(38);
    assertThat(json.at("/label_conflicts/images").asInt()).isEqualTo(1);
    assertThat(json.at("/label_conflicts/examples/0/kept_class").asText()).isEqualTo("crow");
    assertThat(json.at("/manifest/config").fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "compression", "row_group_mb", "salt", "shards", "validation_fraction");
    assertThat(json.at("/manifest/class_names/1").asText()).isEqualTo("duck");
    assertThat(json.at("/sheets")).hasSize(1); // rejects belong to the preprocessing
  }

  @Test
  void aWholeSetVerifies() {
    assertThat(simsiam("data", "verify", config())).isZero();
    assertThat(OUT.toString()).contains("is whole: 40 images in 4 shards");
  }

  @Test
  void eachDamagedShardIsNamed() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    try (Stream<Path> files = Files.list(shards())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path flipped = copy.resolve("train-00000-of-00002.parquet");
    byte[] bytes = Files.readAllBytes(flipped);
    bytes[100] ^= 1;
    Files.write(flipped, bytes);
    Files.delete(copy.resolve("train-00001-of-00002.parquet"));

    assertThat(simsiam("data", "verify", copy.toString())).isEqualTo(ExitCode.STAGE_FAILED);
    assertThat(ERR.toString().lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("damaged: train-00000-of-00002.parquet: Cannot read"))
        .anyMatch(line -> line.contains("train-00001-of-00002.parquet: expected a file, got none"));
    assertThat(simsiam("data", "verify", copy.toString(), "--json")).isEqualTo(3);
    assertThat(CanonicalJson.parse(OUT.toString()).at("/damage")).hasSize(2);
  }

  @Test
  void drawsTheViewsOfTheConfiguration() throws IOException {
    String sheets = folder.resolve("view-sheets").toString();
    assertThat(simsiam("data", "views", config(), "--count", "6", "--output", sheets)).isZero();
    byte[] first = Files.readAllBytes(Path.of(sheets, "views.png"));
    assertThat(simsiam("data", "views", config(), "--output", sheets)).isEqualTo(ExitCode.USAGE);
    assertThat(ERR.toString())
        .startsWith("error: Cannot draw a sheet: expected a new file, or --force to replace one: ");
    String[] again = {"data", "views", config(), "--force", "--count", "6", "--output", sheets};
    assertThat(simsiam(again)).isZero();
    assertThat(Files.readAllBytes(Path.of(sheets, "views.png"))).isEqualTo(first);
    simsiam(Stream.concat(Stream.of(again), Stream.of("--epoch", "2")).toArray(String[]::new));
    assertThat(Files.readAllBytes(Path.of(sheets, "views.png"))).isNotEqualTo(first);
  }

  @Test
  void noSheetIsDrawnIntoAnOutputOrOverAnotherFile() throws IOException {
    String stage = shards().toString();
    for (String output : List.of(stage, stage + "/new/sheets")) {
      assertThat(simsiam("data", "show", config(), "--output", output)).isEqualTo(ExitCode.USAGE);
      assertThat(ERR.toString())
          .startsWith(
              "error: Cannot draw a sheet: expected a place outside of stages, checkpoints and");
    }
    assertThat(shards().resolve("new")).doesNotExist();
    assertThat(simsiam("data", "show", config(), "--output", config())).isEqualTo(ExitCode.USAGE);
    assertThat(ERR.toString())
        .startsWith("error: Cannot draw a sheet: expected a folder, or none yet, got another file");
  }

  @Test
  void viewsNeedAConfiguration() throws IOException {
    assertThat(simsiam("data", "views", shards().toString())).isEqualTo(ExitCode.USAGE);
    assertThat(ERR.toString())
        .contains("Cannot draw views: expected a configuration, which says how, got a folder");
  }

  @Test
  void aFolderWithoutAManifestIsRefused() {
    assertThat(simsiam("data", "show", folder.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(ERR.toString()).contains("Cannot find a data set: expected manifest.json in");
  }
}
