package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.listing.SourceImage;

class ImageNetTest {
  private static final List<String> WNIDS = List.of("n01440764", "n01443537", "n02124075");

  @TempDir Path work;
  @TempDir Path scratch;
  private Path folders;
  private Path tars;

  /** The same images as class folders and as the official archives. */
  @BeforeEach
  void forms() throws IOException {
    folders = work.resolve("folders");
    tars = Files.createDirectories(work.resolve("tars"));
    Path classes = Files.createDirectories(work.resolve("classes"));
    Path flat = work.resolve("flat");
    for (int i = 0; i < WNIDS.size(); i++) {
      String wnid = WNIDS.get(i);
      for (int n = 0; n <= i; n++) {
        byte[] image = Fixtures.png(6, 5, 10L * i + n);
        Fixtures.write(folders.resolve("train/%s/%s_%s.JPEG".formatted(wnid, wnid, n)), image);
      }
      Packing.pack(classes.resolve(wnid + ".tar"), folders.resolve("train/" + wnid), "");
      byte[] image = Fixtures.png(7, 7, i);
      String name = "ILSVRC2012_val_0000000%s.JPEG".formatted(3 - i);
      Fixtures.write(folders.resolve("val/" + wnid + "/" + name), image);
      Fixtures.write(flat.resolve(name), image);
    }
    Packing.pack(tars.resolve("ILSVRC2012_img_train.tar"), classes, "");
    Packing.pack(tars.resolve("ILSVRC2012_img_val.tar"), flat, "");
    for (Path root : List.of(folders, tars)) {
      text(
          root.resolve("LOC_synset_mapping.txt"),
          "n01440764 tench, Tinca tinca\nn01443537 goldfish\nn02124075 Egyptian cat\n");
    }
  }

  @Test
  void theArchivesGiveWhatClassFoldersGive() {
    text(
        tars.resolve("imagenet_2012_validation_synset_labels.txt"),
        "n02124075\nn01443537\nn01440764\n");

    assertThat(source(tars).classNames()).containsExactly("tench", "goldfish", "Egyptian cat");
    assertThat(rows(tars))
        .isEqualTo(rows(folders))
        .contains(
            "TRAIN train/n02124075/n02124075_1.JPEG 2",
            "TEST val/n01440764/ILSVRC2012_val_00000003.JPEG 0")
        .hasSize(9);
    assertThat(contents(tars)).isEqualTo(contents(folders));
    assertThat(digest(tars)).isEqualTo(digest(folders));
  }

  @Test
  void theChallengesSolutionFileIsUnderstood() {
    text(
        tars.resolve("LOC_val_solution.csv"),
        """
        ImageId,PredictionString
        ILSVRC2012_val_00000003,n01440764 1 2 3 4 n01440764 5 6 7 8\s
        ILSVRC2012_val_00000001,n02124075 1 2 3 4\s
        ILSVRC2012_val_00000002,n01443537 1 2 3 4\s
        """);

    assertThat(rows(tars)).isEqualTo(rows(folders));
  }

  @Test
  void aListOfNumbersFromZeroIsUnderstood() {
    text(
        tars.resolve("val.txt"),
        """
        ILSVRC2012_val_00000001.JPEG 2
        ILSVRC2012_val_00000002.JPEG 1
        ILSVRC2012_val_00000003.JPEG 0
        """);

    assertThat(rows(tars)).isEqualTo(rows(folders));
  }

  @Test
  void validationImagesMayLieSideBySide() throws IOException {
    Files.delete(tars.resolve("ILSVRC2012_img_val.tar"));
    Files.move(work.resolve("flat"), tars.resolve("val"));
    text(
        tars.resolve("imagenet_2012_validation_synset_labels.txt"),
        "n02124075\nn01443537\nn01440764\n");

    assertThat(digest(tars)).isEqualTo(digest(folders));
  }

  @Test
  void missingTruthIsNamed() {
    assertProblem(
        "expected the classes of the validation images in"
            + " imagenet_2012_validation_synset_labels.txt, LOC_val_solution.csv or val.txt, or"
            + " class folders in val, got none (%s)".formatted(tars));
  }

  @Test
  void aNumberOutOfRangeIsNamed() {
    text(
        tars.resolve("val.txt"),
        "ILSVRC2012_val_00000001.JPEG 2\n\nILSVRC2012_val_00000002.JPEG 3\n");

    assertProblem(
        "expected a file and a class from 0 to 2, got 'ILSVRC2012_val_00000002.JPEG 3' (%s:3)"
            .formatted(tars.resolve("val.txt")));
  }

  @Test
  void anUnknownClassIsNamed() {
    text(tars.resolve("imagenet_2012_validation_synset_labels.txt"), "n02124075\ntabby\n");

    assertProblem(
        "expected a class of train, got 'tabby' (%s:2)"
            .formatted(tars.resolve("imagenet_2012_validation_synset_labels.txt")));
  }

  @Test
  void imagesAndTruthMustMatch() {
    Path truth = tars.resolve("val.txt");
    text(truth, "ILSVRC2012_val_00000001.JPEG 2\nILSVRC2012_val_00000002.JPEG 0\n");
    assertProblem(
        "expected a line for each validation image, got none for ILSVRC2012_val_00000003.JPEG (%s)"
            .formatted(truth));

    text(
        tars.resolve("imagenet_2012_validation_synset_labels.txt"),
        "n02124075\nn01443537\nn01440764\nn01440764\n");
    assertProblem(
        "expected all validation images that %s names, got no ILSVRC2012_val_00000004.JPEG"
            .formatted(tars.resolve("imagenet_2012_validation_synset_labels.txt")));
  }

  @Test
  void aCutTrainArchiveIsRefused() throws IOException {
    Path archive = tars.resolve("ILSVRC2012_img_train.tar");
    byte[] bytes = Files.readAllBytes(archive);
    Files.write(archive, Arrays.copyOf(bytes, bytes.length / 2));

    assertThatThrownBy(() -> source(tars).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith("Invalid dataset.path: expected a whole archive (tar), got ");
  }

  @Test
  void anArchiveOfOtherThingsIsRefused() {
    Path archive = tars.resolve("ILSVRC2012_img_train.tar");
    Packing.pack(archive, folders.resolve("train/n01440764"), "");

    assertProblem(
        "expected an archive of archives such as n01440764.tar, got n01440764_0.JPEG (%s)"
            .formatted(archive));
  }

  private List<String> rows(Path root) {
    return SourceReading.rows(source(root), scratch).stream()
        .map(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .toList();
  }

  private List<Integer> contents(Path root) {
    return SourceReading.rows(source(root), scratch).stream()
        .map(row -> Arrays.hashCode(((SourceImage.Encoded) row.image()).bytes()))
        .toList();
  }

  private String digest(Path root) {
    return source(root).contents(DigestCache.open(work.resolve("none"))).digest();
  }

  private static ImageSource source(Path root) {
    return new FolderSource("imagenet", new ImageNet(root), 0);
  }

  private static void text(Path file, String text) {
    Fixtures.write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(tars).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
