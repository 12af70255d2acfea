package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.data.Manifest;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.train.Checkpoint;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.stage.store.Workspace;

/** What does not concern a command does not stop it; what does is said before it begins. */
class LateRefusalTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void home() {
    System.setProperty("simsiam.home", HOME.toString());
  }

  @AfterEach
  void forgetHome() {
    System.clearProperty("simsiam.home");
  }

  private int program(String command, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                HOME.resolve("conf").resolve("quickstart.yaml").toString(),
                "workspace=" + folder.resolve("runs"),
                "dataset.source=image_folder",
                "dataset.path=" + folder.resolve("images"),
                "tracking.mode=offline",
                "encoder.width=4",
                "augment.crop_size=16"));
    all.addAll(List.of(more));
    Output output = PlainWords.output(out, err, false);
    return new Program(new ProductServices(), output).run(all.toArray(String[]::new));
  }

  private List<String> errors() {
    return err.toString()
        .lines()
        .map(line -> line.replaceAll(" \\(command line.*| \\(/.*", ""))
        .toList();
  }

  /** Images of two classes, of which every channel at a place of {@code constant} is 0. */
  private void images(int perClass, List<Integer> constant) {
    for (int i = 0; i < 2 * perClass; i++) {
      RgbImage image = Fixtures.image(16, 16, i);
      for (int channel : constant) {
        for (int at = channel; at < image.pixels().length; at += 3) {
          image.pixels()[at] = 0;
        }
      }
      String name = (i % 2 == 0 ? "x/" : "y/") + i + ".png";
      Fixtures.write(folder.resolve("images/train").resolve(name), ImageEncoder.png(image));
      if (i < 8) {
        Fixtures.write(
            folder.resolve("images/val").resolve(name),
            ImageEncoder.png(Fixtures.image(16, 16, 1000 + i)));
      }
    }
  }

  @Test
  void fewImagesAreShardedAndThenWhatTrainsOnThemIsRefused() {
    images(30, List.of());

    assertThat(program("run", "--to", "shard")).as(err.toString()).isZero();
    assertThat(program("plan", "--to", "features")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .containsExactly(
            "error: Cannot set train.batch_size: expected at most 60, the training images, got 128",
            "error: Cannot set knn.k: expected at most 60, the labelled training images, got 200");
    assertThat(program("plan", "--only", "pretrain", "train.knn_every_epochs=0")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: Cannot set train.batch_size: expected at most 60, the training images, got 128");
    assertThat(program("plan", "--to", "pretrain", "train.batch_size=60", "knn.k=60")).isZero();
  }

  @Test
  void whatDeduplicationLeavesIsCountedOnceTheShardsAreThere() {
    images(30, List.of());
    RgbImage same = Fixtures.image(16, 16, 0);
    for (int i = 100; i < 120; i++) {
      Fixtures.write(folder.resolve("images/train/x/" + i + ".png"), ImageEncoder.png(same));
    }

    assertThat(program("plan", "train.batch_size=70", "knn.k=10")).isZero();
    assertThat(program("run", "--to", "shard")).isZero();
    assertThat(program("plan", "train.batch_size=70", "knn.k=10")).isEqualTo(2);
    assertThat(errors())
        .containsExactly(
            "error: Cannot set train.batch_size: expected at most 60, the training images, got 70");
  }

  @Test
  void aChannelThatIsAlwaysZeroIsLeftAtZero() throws Exception {
    images(30, List.of(2));

    assertThat(
            program(
                "run",
                "--to",
                "features",
                "train.batch_size=30",
                "knn.k=10",
                "train.epochs=1",
                "train.engine=nd4j"))
        .as(err.toString())
        .isZero();

    assertThat(out.toString())
        .contains(
            "The channel blue is the same in all training images: it is shifted to 0, not scaled"
                + " (augment.mean and augment.std say otherwise)");
    List<Double> std = Manifest.read(output("shard")).trainChannels().std();
    Checkpoint last = Checkpoint.latest(output("pretrain").resolve("checkpoints")).orElseThrow();
    assertThat(std.get(2)).isZero();
    assertThat(last.state().augment().std()).containsExactly(std.get(0), std.get(1), 1.0);
  }

  @Test
  void withoutATestSplitOnlyWhatNeedsOneIsRefused() {
    images(30, List.of());
    String[] options = {
      "dataset.path=" + folder.resolve("images/train"),
      "shard.validation_fraction=0",
      "train.batch_size=30",
      "knn.k=10"
    };

    assertThat(program("run", with(options, "--to", "shard"))).as(err.toString()).isZero();
    assertThat(program("plan", with(options, "--to", "pretrain", "train.knn_every_epochs=0")))
        .isZero();
    assertThat(program("plan", with(options, "--to", "pretrain"))).isEqualTo(2);
    assertThat(errors().get(0))
        .startsWith("error: Cannot set shard.validation_fraction: expected more");
    assertThat(program("plan", with(options, "--only", "knn"))).isEqualTo(0); // blocked, says so
    assertThat(program("plan", with(options, "--to", "features", "train.knn_every_epochs=0")))
        .isEqualTo(2);
  }

  private static String[] with(String[] options, String... more) {
    return Stream.concat(Stream.of(options), Stream.of(more)).toArray(String[]::new);
  }

  private Path output(String stage) throws IOException {
    Workspace workspace = new Workspace(folder.resolve("runs"));
    return workspace.folder(stage, workspace.committed(stage).get(0).fingerprint()).committed();
  }
}
