package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.source.Fixtures;

/** What is known to be wrong before any work: one clear message, exit code 2, nothing begun. */
class BadInputTest {
  private static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private Path runs;
  private Path images;

  @BeforeEach
  void places() {
    System.setProperty("simsiam.home", CONF.getParent().toString());
    runs = folder.resolve("runs");
    images = folder.resolve("images");
  }

  @AfterEach
  void forgetHome() {
    System.clearProperty("simsiam.home");
  }

  /** Runs the real product in this process; returns what it complains of. */
  private List<String> refused(String config, String... arguments) throws IOException {
    StringWriter err = new StringWriter();
    Output output = PlainWords.output(new StringWriter(), err, false);
    List<String> command =
        new ArrayList<>(List.of("run", CONF.resolve(config).toString(), "workspace=" + runs));
    command.addAll(Arrays.asList(arguments));
    int code = new Program(new ProductServices(), output).run(command.toArray(String[]::new));
    assertThat(code).as(err.toString()).isEqualTo(ExitCode.USAGE);
    assertThat(runs.resolve("stages")).doesNotExist();
    assertThat(runs.resolve("invocations")).doesNotExist();
    return err.toString().lines().toList();
  }

  private static String line(String exact) {
    return Pattern.quote("error: " + exact);
  }

  private String at(Path path) {
    return "dataset.path=" + path;
  }

  private static void png(Path file) {
    Fixtures.write(file, Fixtures.png(8, 8, file.hashCode()));
  }

  @Test
  void anUnknownKeyIsMetByTheNearestOne() throws Exception {
    assertThat(refused("quickstart.yaml", "trian.epochs=3"))
        .containsExactly(
            "error: Cannot set trian: there is no such key; did you mean train?"
                + " (command line: trian.epochs=3)");
  }

  @Test
  void whatTrainingCannotHaveHereIsSaidBeforeImagesArePreprocessed() throws Exception {
    assertThat(refused("quickstart.yaml", "train.engine=nd4j", "train.device=cuda"))
        .containsExactly(
            "error: Cannot train on CUDA: expected a build with -Pnd4j-cuda and a CUDA device of"
                + " compute capability 3.7 and 5.0 to 8.9, got none (train.engine is nd4j,"
                + " train.device is cuda, and this build has no ND4J for CUDA; -Pnd4j-cuda ships"
                + " it); train.device=cpu trains on the CPU, train.engine=torch with -Ptorch-cuda on"
                + " newer devices");
  }

  @Test
  void aWrongTypeIsNamedWithWhatWasExpected() throws Exception {
    assertThat(refused("quickstart.yaml", "train.epochs=many"))
        .containsExactly(
            "error: Cannot set train.epochs: expected an integer from -2147483648 to"
                + " 2147483647, got many"
                + " (command line: train.epochs=many)");
  }

  @Test
  void aWarmUpLongerThanTheTrainingIsRefused() throws Exception {
    assertThat(refused("quickstart.yaml", "train.epochs=3", "train.warmup_epochs=5"))
        .containsExactly(
            "error: Cannot set train.warmup_epochs: expected fewer than train.epochs (3), got 5"
                + " (command line: train.warmup_epochs=5)");
  }

  @Test
  void aBatchAndAnNeighbourhoodLargerThanTheTrainSplitAreRefusedTogether() throws Exception {
    assertThat(refused("quickstart.yaml", "train.batch_size=5001", "knn.k=6000"))
        .containsExactly(
            "error: Cannot set train.batch_size: expected at most 5000, the training images, got"
                + " 5001 (command line: train.batch_size=5001)",
            "error: Cannot set knn.k: expected at most 5000, the labelled training images, got"
                + " 6000 (command line: knn.k=6000)");
    assertThat(refused("quickstart.yaml", "dataset.limit=100"))
        .allMatch(line -> line.contains("expected at most 100, the"))
        .hasSize(2);
  }

  @Test
  void theTrainSplitOfEverySourceIsCounted() throws Exception {
    Fixtures.cifar10(images, 20);
    assertThat(refused("cifar10.yaml", at(images), "train.batch_size=101", "knn.k=50"))
        .singleElement()
        .asString()
        .contains("train.batch_size: expected at most 100, the training images, got 101");

    Path tree = folder.resolve("tree");
    for (String name : List.of("train/a/1", "train/a/2", "train/b/1", "val/a/1", "val/b/1")) {
      png(tree.resolve(name + ".png"));
    }
    assertThat(refused("imagenette.yaml", at(tree), "train.batch_size=4", "knn.k=3"))
        .singleElement()
        .asString()
        .contains("train.batch_size: expected at most 3, the training images, got 4");
  }

  @Test
  void aMissingPathIsNamed() throws Exception {
    assertThat(refused("cifar10.yaml", at(images)))
        .containsExactly(
            "error: Cannot set dataset.path: expected the folder or archive of cifar10 (or"
                + " dataset.download: true), got "
                + images
                + " (command line: dataset.path="
                + images
                + ")");
  }

  @Test
  void aTruncatedBatchIsNamedWithThePlaceOfTheDamage() throws Exception {
    Fixtures.cifar10(images, 20);
    Path batch = images.resolve("data_batch_3.bin");
    Fixtures.write(batch, Arrays.copyOf(Files.readAllBytes(batch), 20 * 3073 - 1000));

    assertThat(refused("cifar10.yaml", at(images)))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected whole records of 3073 bytes in"
                        + " data_batch_3.bin, got 60460 bytes, which end inside record 19 ("
                        + batch
                        + ")")
                + ".*");
  }

  @Test
  void aFileInPlaceOfAFolderIsRefused() throws Exception {
    Fixtures.write(images, new byte[] {1});

    assertThat(refused("imagenette.yaml", at(images)))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected a folder or archive of images (zip, tar, tar.gz,"
                        + " tar.bz2, tar.xz, tar.zst), got "
                        + images)
                + ".*");
  }

  @Test
  void imagesWithoutATestSplitNeedAFractionToHoldOut() throws Exception {
    for (int i = 0; i < 40; i++) {
      png(images.resolve("cat/%s.png".formatted(i)));
      png(images.resolve("dog/%s.png".formatted(i)));
    }

    assertThat(refused("imagenette.yaml", at(images), "shard.validation_fraction=0", "knn.k=1"))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set shard.validation_fraction: expected more than 0, such as 0.1, as the"
                        + " images have no test split of their own (for class folders: train/ and"
                        + " val/), got 0")
                + ".*");
  }

  @Test
  void imagesToTrainOnAloneAreRefused() throws Exception {
    Path list = list("path,label,split", i -> "%s.png,%s,train".formatted(i, i % 2));

    assertThat(
            refused(
                "quickstart.yaml",
                "dataset.source=image_list",
                at(list),
                "knn.k=1",
                "train.batch_size=2"))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected images to test on beside rows of train, or no"
                        + " split named at all, so that shard.validation_fraction holds some out,"
                        + " got "
                        + list)
                + ".*");
  }

  @Test
  void aSingleClassIsRefused() throws Exception {
    Path list = list("path,label", i -> "%s.png,%s".formatted(i, i == 3 ? -1 : 1));

    assertThat(
            refused(
                "quickstart.yaml",
                "dataset.source=image_list",
                at(list),
                "knn.k=1",
                "train.batch_size=2"))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected images of at least two classes, or none that"
                        + " has a label (one class cannot be told from another), got 1 alone (")
                + ".*");
  }

  @Test
  void labelsOfOneSplitAloneAreRefused() throws Exception {
    Path list =
        list(
            "path,label,split",
            i -> "%s.png,%s".formatted(i, i < 8 ? i % 2 + ",train" : "-1,test"));

    assertThat(
            refused(
                "quickstart.yaml",
                "dataset.source=image_list",
                at(list),
                "knn.k=1",
                "train.batch_size=2"))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected labels for some images of each split, or for"
                        + " none at all, got none for rows of test (")
                + ".*");
  }

  /** A list of 10 images. */
  private Path list(String header, IntFunction<String> row) throws IOException {
    List<String> lines = new ArrayList<>(List.of(header));
    for (int i = 0; i < 10; i++) {
      png(images.resolve(i + ".png"));
      lines.add(row.apply(i));
    }
    return Files.write(images.resolve("list.csv"), lines);
  }

  @Test
  void moreDeadLinksThanMayBeRejectedAreRefused() throws Exception {
    for (int i = 0; i < 40; i++) {
      png(images.resolve("train/dog/%s.png".formatted(i)));
      Path cat = images.resolve("train/cat/%s.png".formatted(i));
      if (i < 10) {
        png(cat);
      } else {
        Files.createSymbolicLink(cat, Path.of("/unmounted/%s.png".formatted(i)));
      }
    }
    png(images.resolve("val/cat/1.png"));

    assertThat(
            refused(
                "imagenette.yaml", at(images), "train.batch_size=4", "knn.k=1", "dataset.limit=0"))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected at most 1.0 % of the images not there"
                        + " (preprocess.max_reject_fraction), got 30 of 81: Cannot read image:"
                        + " expected a file, got a link to /unmounted/10.png, which leads nowhere"
                        + " (train/cat/10.png); ")
                + ".*");
  }

  @Test
  void anEmptyClassIsNamed() throws Exception {
    png(images.resolve("train/cat/1.png"));
    Files.createDirectories(images.resolve("train/dog"));
    png(images.resolve("val/cat/1.png"));

    assertThat(refused("imagenette.yaml", at(images)))
        .singleElement()
        .asString()
        .matches(
            line(
                    "Cannot set dataset.path: expected images in class folder dog, got none ("
                        + images.resolve("train/dog")
                        + ")")
                + ".*");
  }

  @Test
  void aSingleClassIsRefusedWithTheWayOut() throws Exception {
    png(images.resolve("cat/1.png"));

    assertThat(refused("imagenette.yaml", at(images)))
        .singleElement()
        .asString()
        .startsWith("error: Cannot set dataset.path: expected at least two class folders")
        .contains("dataset.source: unlabelled_folder", "got cat alone (" + images + ")");
  }

  @Test
  void planSaysThatADataSetIsNotDownloadedYetAndFetchesNothing() throws Exception {
    StringWriter err = new StringWriter();
    Output output = PlainWords.output(new StringWriter(), err, false);
    int code =
        new Program(new ProductServices(), output)
            .run(
                "plan",
                CONF.resolve("cifar10.yaml").toString(),
                "workspace=" + runs,
                "dataset.download=true");

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString())
        .startsWith(
            "error: Cannot set dataset.path: expected the files of cifar10, which are not"
                + " downloaded yet (run downloads them to "
                + runs.resolve("datasets/cifar10")
                + "), got nothing (");
    assertThat(runs.resolve("datasets")).doesNotExist();
  }
}
