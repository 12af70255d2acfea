package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

class TinyImageNetTest {
  @TempDir Path work;
  @TempDir Path scratch;
  private Path root;

  /** The published layout, with two images of each class for training. */
  @BeforeEach
  void layout() {
    root = work.resolve("tiny-imagenet-200");
    int seed = 0;
    for (String wnid : new String[] {"n02124075", "n01443537", "n02012849"}) {
      for (int i = 0; i < 2; i++) {
        image("train/%s/images/%s_%s.JPEG".formatted(wnid, wnid, i), seed++);
      }
      text("train/%s/%s_boxes.txt".formatted(wnid, wnid), "no image");
    }
    for (int i = 0; i < 3; i++) {
      image("val/images/val_%s.JPEG".formatted(i), seed++);
      image("test/images/test_%s.JPEG".formatted(i), seed++);
    }
    annotations("val_0.JPEG\tn02124075\t0\t32\t44\t62", "val_1.JPEG\tn01443537\t1\t2\t3\t4");
    text("wnids.txt", "n02124075\nn01443537\nn02012849\n");
    text(
        "words.txt",
        """
        n00001740\tentity
        n01443537\tgoldfish, Carassius auratus
        n02012849\tcrane
        n02124075\tEgyptian cat
        n03126707\tcrane
        """);
  }

  @Test
  void validationImagesHaveTheClassesOfTheirAnnotations() {
    annotations("val_2.JPEG\tn02012849\t0\t0\t1\t1", "val_0.JPEG\tn02124075\t0\t32\t44\t62");
    append("val_1.JPEG\tn01443537\t1\t2\t3\t4");

    assertThat(source(root).classNames()).containsExactly("goldfish", "crane", "Egyptian cat");
    assertThat(rows(root))
        .containsExactly(
            "TRAIN train/n01443537/images/n01443537_0.JPEG 0",
            "TRAIN train/n02012849/images/n02012849_0.JPEG 1",
            "TRAIN train/n02124075/images/n02124075_0.JPEG 2",
            "TRAIN train/n01443537/images/n01443537_1.JPEG 0",
            "TRAIN train/n02012849/images/n02012849_1.JPEG 1",
            "TRAIN train/n02124075/images/n02124075_1.JPEG 2",
            "TEST val/images/val_1.JPEG 0",
            "TEST val/images/val_2.JPEG 1",
            "TEST val/images/val_0.JPEG 2");
  }

  @Test
  void theOfficialArchiveAndTheFolderAboveGiveTheSame() throws IOException {
    append("val_2.JPEG\tn02012849\t0\t0\t1\t1");
    Path place = Files.createDirectories(work.resolve("downloads"));
    Packing.pack(place.resolve("tiny-imagenet-200.zip"), root, "tiny-imagenet-200/");

    for (Path path : new Path[] {work, place, place.resolve("tiny-imagenet-200.zip")}) {
      assertThat(rows(path)).isEqualTo(rows(root));
      assertThat(digest(path)).isEqualTo(digest(root));
    }
  }

  @Test
  void namesThatTwoClassesShareCarryTheirIds() {
    append("val_2.JPEG\tn02012849\t0\t0\t1\t1");
    image("train/n03126707/images/n03126707_0.JPEG", 99);

    assertThat(source(root).classNames())
        .containsExactly("goldfish", "crane (n02012849)", "Egyptian cat", "crane (n03126707)");
  }

  @Test
  void validationImagesInClassFoldersAreTakenToo() throws IOException {
    Files.delete(root.resolve("val/val_annotations.txt"));
    Files.createDirectories(root.resolve("val/n02124075"));
    Files.move(root.resolve("val/images"), root.resolve("val/n02124075/images"));

    assertThat(rows(root)).contains("TEST val/n02124075/images/val_0.JPEG 2");
  }

  @Test
  void aMissingAnnotationIsNamed() {
    assertProblem(
        "expected a line for each validation image, got none for val_2.JPEG (%s)"
            .formatted(root.resolve("val/val_annotations.txt")));
  }

  @Test
  void missingAnnotationsAreNamed() throws IOException {
    Files.delete(root.resolve("val/val_annotations.txt"));

    assertProblem(
        "expected a file val_annotations.txt with the classes of the validation images, got none"
            + " (%s)".formatted(root.resolve("val")));
  }

  @Test
  void aLineOfAnUnknownClassIsNamed() {
    append("val_2.JPEG\tn99999999\t0\t0\t1\t1");

    assertProblem(
        "expected a file and a class of train, separated by a tab, got"
            + " 'val_2.JPEG\tn99999999\t0\t0\t1\t1' (%s:3)"
                .formatted(root.resolve("val/val_annotations.txt")));
  }

  @Test
  void anImageNamedTwiceIsNamed() {
    append("val_0.JPEG\tn01443537\t0\t0\t1\t1");

    assertProblem(
        "expected an image of val/images not named before, got val_0.JPEG (%s:3)"
            .formatted(root.resolve("val/val_annotations.txt")));
  }

  @Test
  void aFolderOfSomethingElseIsNamed() {
    assertThatThrownBy(() -> source(scratch).check())
        .hasMessage(
            "Invalid dataset.path: expected folders train and val of Tiny ImageNet (or"
                + " dataset.download: true), got none (%s)".formatted(scratch));
  }

  private void annotations(String... lines) {
    text("val/val_annotations.txt", String.join("\n", lines) + "\n");
  }

  private void append(String line) {
    Path file = root.resolve("val/val_annotations.txt");
    try {
      text("val/val_annotations.txt", Files.readString(file) + line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void text(String name, String text) {
    Fixtures.write(root.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private void image(String name, int seed) {
    Fixtures.write(root.resolve(name), Fixtures.png(4, 4, seed));
  }

  private List<String> rows(Path path) {
    return SourceReading.rows(source(path), scratch).stream()
        .map(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .toList();
  }

  private String digest(Path path) {
    return source(path).contents(DigestCache.open(work.resolve("none"))).digest();
  }

  private static ImageSource source(Path path) {
    return new FolderSource("tiny_imagenet", new TinyImageNet(path), 0);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(root).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
