package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;

class FolderSourceTest {
  @TempDir Path root;
  @TempDir Path scratch;

  @Test
  void readsTrainAndValFolders() {
    files("train/cat/b.png", "train/cat/a.png", "train/dog/deep/c.png", "val/dog/d.png");
    ImageSource source = classes(0);

    assertThat(source.hasTestSplit()).isTrue();
    assertThat(source.classNames()).containsExactly("cat", "dog");
    assertThat(SourceReading.rows(source, scratch))
        .extracting(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .containsExactly(
            "TRAIN train/cat/a.png 0",
            "TRAIN train/dog/deep/c.png 1",
            "TRAIN train/cat/b.png 0",
            "TEST val/dog/d.png 1");
  }

  @Test
  void aTestFolderStandsInForVal() {
    files("train/cat/a.png", "train/dog/b.png", "test/cat/c.png");

    assertThat(SourceReading.ids(classes(0), SourceSplit.TEST, scratch))
        .containsExactly("test/cat/c.png");
  }

  @Test
  void classFoldersAloneHaveNoSplit() {
    files("cat/a.png", "dog/b.png", ".git/HEAD", "cat/.hidden.png");

    assertThat(classes(0).hasTestSplit()).isFalse();
    assertThat(SourceReading.ids(classes(0), SourceSplit.UNSPLIT, scratch))
        .containsExactly("cat/a.png", "dog/b.png");
  }

  @Test
  void aTrainFolderAloneHoldsTheClasses() {
    files("train/cat/a.png", "train/dog/b.png");
    ImageSource source = classes(0);

    assertThat(source.classNames()).containsExactly("cat", "dog");
    assertThat(SourceReading.ids(source, SourceSplit.UNSPLIT, scratch))
        .containsExactly("train/cat/a.png", "train/dog/b.png");
  }

  @Test
  void aClassMayBeCalledTrain() {
    files("train/a.png", "boat/b.png");

    assertThat(classes(0).classNames()).containsExactly("boat", "train");
  }

  @Test
  void limitTakesClassesInTurn() {
    files("cat/a.png", "cat/b.png", "cat/c.png", "dog/d.png", "dog/e.png");

    assertThat(SourceReading.ids(classes(3), SourceSplit.UNSPLIT, scratch))
        .containsExactly("cat/a.png", "dog/d.png", "cat/b.png");
  }

  @Test
  void handsOverTheFilesBytes() {
    byte[] content = {1, 2, 3};
    Fixtures.write(root.resolve("cat/a.png"), content);
    Fixtures.write(root.resolve("dog/b.png"), content);

    SourceImage image = SourceReading.rows(classes(0), scratch).get(1).image();

    assertThat(((SourceImage.Encoded) image).bytes()).isEqualTo(content);
  }

  @Test
  void aFileThatVanishedIsHandedOverAsUnreadable() throws IOException {
    files("cat/a.png", "dog/b.png");
    ImageSource source = classes(0);
    List<SourceChunk> chunks = source.chunks(scratch);
    Files.delete(root.resolve("cat/a.png"));

    chunks
        .get(0)
        .read(
            image -> {
              if (image.id().equals("cat/a.png")) {
                SourceImage.Unreadable unreadable = (SourceImage.Unreadable) image;
                assertThat(unreadable.reason()).isEqualTo("unreadable");
                assertThat(unreadable.message())
                    .startsWith("Cannot read image: expected a readable file, got")
                    .contains("no such file")
                    .endsWith("(cat/a.png)");
              } else {
                assertThat(image).isInstanceOf(SourceImage.Encoded.class);
              }
            });
  }

  @Test
  void chunksEndAtTheirSize() {
    List<LabelledFile> files =
        List.of(file(5L << 20), file(3L << 20), file(1), file(20L << 20), file(1));

    assertThat(Chunking.fileEnds(files)).containsExactly(2, 3, 4, 5);
    assertThat(Chunking.fileEnds(java.util.Collections.nCopies(300, file(1))))
        .containsExactly(128, 256, 300);
    assertThat(Chunking.fileEnds(List.of())).isEmpty();
  }

  @Test
  void unlabelledFilesHaveNoClassAndNoSplit() {
    files("b.png", "deep/a.png");
    ImageSource source = new FolderSource("unlabelled_folder", new UnlabelledFiles(root), 0);

    assertThat(source.classNames()).isEmpty();
    assertThat(SourceReading.rows(source, scratch))
        .extracting(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .containsExactly("UNSPLIT b.png -1", "UNSPLIT deep/a.png -1");
  }

  @Test
  void namesAnEmptyClass() throws IOException {
    files("train/cat/a.png", "train/dog/b.png", "val/cat/c.png");
    Path empty = Files.createDirectories(root.resolve("train/emu"));

    assertProblem("expected images in class folder emu, got none (%s)".formatted(empty));
  }

  @Test
  void namesASingleClass() {
    files("cat/a.png");

    assertProblem(
        "expected at least two class folders (one class cannot be told from another;"
            + " dataset.source: unlabelled_folder needs none), got cat alone (%s)".formatted(root));
  }

  @Test
  void namesAClassThatTrainDoesNotHave() {
    files("train/cat/a.png", "train/dog/b.png", "val/emu/c.png");

    assertProblem(
        "expected the classes of train in val, got class emu (%s)"
            .formatted(root.resolve("val/emu")));
  }

  @Test
  void namesAFolderWithoutClasses() {
    files("a.png");

    assertProblem("expected class folders with images, got none (%s)".formatted(root));
  }

  @Test
  void namesAnUnlabelledFolderWithoutFiles() {
    assertThatThrownBy(
            () -> new FolderSource("unlabelled_folder", new UnlabelledFiles(root), 0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage(
            "Invalid dataset.path: expected a folder of images, got no files (%s)".formatted(root));
  }

  @Test
  void namesAMissingFolder() {
    Path gone = root.resolve("gone");

    assertThatThrownBy(() -> new FolderSource("image_folder", new ClassFolders(gone), 0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: expected a folder or archive of images, got " + gone);
  }

  @Test
  void namesALoopOfLinks() throws IOException {
    files("cat/a.png", "dog/b.png");
    Files.createSymbolicLink(root.resolve("cat/loop"), root.resolve("cat"));

    assertThatThrownBy(() -> classes(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessageStartingWith(
            "Invalid dataset.path: expected a folder that can be read, got"
                + " a circle of links (");
  }

  @Test
  void namesAFolderThatMayNotBeRead() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path locked = root.resolve("cat");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(locked), "this user may read everything");
      assertProblem("expected a folder that may be read, got no access to %s".formatted(locked));
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static LabelledFile file(long bytes) {
    return LabelledFile.unlabelled(
        new ImageFile("f", bytes, new ImageFile.OnDisk(Path.of("f"), 0)));
  }

  private void files(String... names) {
    for (String name : names) {
      Fixtures.write(root.resolve(name), new byte[] {1});
    }
  }

  private ImageSource classes(int limit) {
    return new FolderSource("image_folder", new ClassFolders(root), limit);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> classes(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
