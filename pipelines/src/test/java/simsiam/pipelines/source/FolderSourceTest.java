package simsiam.pipelines.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "train, valid",
    "Training, Testing",
    "TRAIN, Val",
    "training_set, test-set",
    "train, dev",
    "Train, Evaluation",
  })
  void splitsMayHaveTheirOtherNamesInAnyCase(String train, String test) {
    files(train + "/cat/a.png", train + "/dog/b.png", test + "/dog/c.png");

    assertThat(classes(0).classNames()).containsExactly("cat", "dog");
    assertThat(SourceReading.ids(classes(0), SourceSplit.TRAIN, scratch))
        .containsExactly(train + "/cat/a.png", train + "/dog/b.png");
    assertThat(SourceReading.ids(classes(0), SourceSplit.TEST, scratch))
        .containsExactly(test + "/dog/c.png");
  }

  @Test
  void whatIsNoSplitOfThoseReadIsToldOf() {
    files("train/cat/a.png", "train/dog/b.png", "test/cat/c.png", "valid/cat/d.png");
    files("notes/e.txt", "README", ".git/HEAD", "train/stray.png", "train/dog/.DS_Store");

    assertThat(SourceReading.ids(classes(0), SourceSplit.TEST, scratch))
        .containsExactly("test/cat/c.png");
    assertThat(classes(0).listing().skipped())
        .extracting(file -> file.reason() + " " + file.name())
        .containsExactly(
            "hidden .git/",
            "not_used README",
            "not_used notes/",
            "hidden train/dog/.DS_Store",
            "no_class train/stray.png",
            "not_used valid/");
  }

  @ParameterizedTest
  @CsvSource({
    "boat, train, ''",
    "test, val, ''",
    "boat, invalid, valid",
    "Testing, boat, car",
    "seg_test, seg_train, ''",
    "train2017, val2017, ''",
    "train/boat, train/val, ''",
  })
  void classesCalledLikeSplitsAreRefused(String first, String second, String third) {
    files(first + "/a.png", second + "/b.png");
    if (!third.isEmpty()) {
      files(third + "/c.png");
    }
    String seen =
        Stream.of(first, second, third)
            .filter(name -> !name.isEmpty())
            .map(name -> name.replace("train/", ""))
            .collect(Collectors.joining(", "));
    assertProblem(
        "expected a folder to train on with one to test on beside it, called train (training), val"
            + " (valid, validation, dev), test (testing, eval, evaluation), or class folders alone,"
            + " none called so (rename it, or name its images in a list: dataset.source:"
            + " image_list), got "
            + "%s (%s)".formatted(seen, first.startsWith("train/") ? root.resolve("train") : root));
  }

  @Test
  void splitsInsideASplitAreRefused() {
    files("train/train/a.png", "train/val/b.png", "val/val/c.png");

    assertThatThrownBy(() -> classes(0).check())
        .hasMessageEndingWith("got train, val (%s)".formatted(root.resolve("train")));
  }

  @Test
  void twoFoldersOfOneSplitAreRefused() {
    files("train/cat/a.png", "train/dog/b.png", "valid/cat/c.png", "Validation/cat/d.png");

    assertProblem(
        "expected one folder of each split, got Validation and valid (%s)".formatted(root));
  }

  @Test
  void imagesThatAreNotThereAreHandedOverAsSuch() throws Exception {
    files("cat/a.png", "dog/b.png");
    String before = digest();
    Files.createSymbolicLink(root.resolve("cat/gone.png"), Path.of("../away.png"));
    Files.createSymbolicLink(root.resolve("dog/self.png"), Path.of("self.png"));
    Files.createSymbolicLink(root.resolve("dog/b2.png"), Path.of("b.png"));
    new ProcessBuilder("mkfifo", root.resolve("dog/pipe.png").toString()).start().waitFor();

    assertThat(SourceReading.rows(classes(0), scratch))
        .filteredOn(row -> row.image() instanceof SourceImage.Unreadable)
        .extracting(row -> (SourceImage.Unreadable) row.image())
        .containsExactly(
            new SourceImage.Unreadable(
                "cat/gone.png",
                0,
                "missing",
                "Cannot read image: expected a file, got a link to ../away.png, which leads nowhere"
                    + " (cat/gone.png)"),
            new SourceImage.Unreadable(
                "dog/pipe.png",
                1,
                "no_file",
                "Cannot read image: expected a file, got a device, pipe or socket (dog/pipe.png)"),
            new SourceImage.Unreadable(
                "dog/self.png",
                1,
                "missing",
                "Cannot read image: expected a file, got a link to self.png, which leads nowhere"
                    + " (dog/self.png)"));
    assertThat(SourceReading.rows(classes(0), scratch)).hasSize(6);
    SourceListing.Split split = classes(0).listing().splits().get(0);
    assertThat(split.images()).hasValue(3);
    assertThat(split.classCounts()).containsExactly(1L, 2L);
    assertThat(split.missing()).hasSize(3);
    String with = digest();
    Files.delete(root.resolve("cat/gone.png"));
    assertThat(digest()).isNotEqualTo(with).isNotEqualTo(before);
    for (String name : List.of("dog/self.png", "dog/b2.png", "dog/pipe.png")) {
      Files.delete(root.resolve(name));
    }
    assertThat(digest()).isEqualTo(before);
  }

  @Test
  void aFileThatMayNotBeReadIsHandedOverAsSuch() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path locked = root.resolve("cat/a.png");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(locked), "this user may read everything");

    assertThat(classes(0).listing().missing())
        .containsExactly(
            new SourceImage.Unreadable(
                "cat/a.png",
                0,
                "no_access",
                "Cannot read image: expected a file, got one that this user may not read"
                    + " (cat/a.png)"));
  }

  @Test
  void aLinkThatLeadsNowhereBesideClassesMayBeAClass() throws IOException {
    files("cat/a.png", "dog/b.png");
    Path link = Files.createSymbolicLink(root.resolve("emu"), root.resolve("unmounted/emu"));

    assertProblem(
        "expected folders and files, got a link to %s, which leads nowhere (%s)"
            .formatted(root.resolve("unmounted/emu"), link));
  }

  @Test
  void aHiddenClassIsNamedWhereTheOthersAreTooFew() {
    files("cat/a.png", ".net/b.png");

    assertProblem(
        "expected at least two class folders (one class cannot be told from another;"
            + " dataset.source: unlabelled_folder needs none), got cat alone, .net/ is hidden (%s)"
                .formatted(root));
  }

  @Test
  void aRootWithADotIsNotHidden() {
    Path hidden = root.resolve(".images");
    Fixtures.write(hidden.resolve("a.png"), new byte[] {1});

    ImageSource source = new FolderSource("unlabelled_folder", new UnlabelledFiles(hidden), 0);
    assertThat(source.listing().splits().get(0).images()).hasValue(1);
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
                + " java.nio.file.FileSystemLoopException");
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
    return LabelledFile.unlabelled(new ImageFile("f", bytes, new ImageFile.OnDisk(Path.of("f"))));
  }

  private void files(String... names) {
    for (String name : names) {
      Fixtures.write(root.resolve(name), new byte[] {1});
    }
  }

  private String digest() {
    return classes(0).contents(DigestCache.open(scratch.resolve("none"))).digest();
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
