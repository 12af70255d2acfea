package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

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
  void aHiddenClassIsNamedWhereTheOthersAreTooFew() {
    files("cat/a.png", ".net/b.png");

    assertProblem(
        "expected at least two class folders (one class cannot be told from another;"
            + " dataset.source: unlabelled_folder needs none), got cat alone, .net/ is hidden (%s)"
                .formatted(root));
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
    List<SourceFile> files =
        List.of(file(5L << 20), file(3L << 20), file(1), file(20L << 20), file(1));

    assertThat(sizes(Chunking.of(5, 28L << 20), files)).containsExactly(2, 1, 1, 1);
    assertThat(sizes(Chunking.of(300, 300), Collections.nCopies(300, file(1))))
        .containsExactly(128, 128, 44);
    assertThat(sizes(Chunking.of(0, 0), List.of())).isEmpty();
  }

  private static List<Integer> sizes(Chunking chunking, List<SourceFile> files) {
    List<Integer> sizes = new ArrayList<>();
    chunking.cut(files.iterator()).forEachRemaining(run -> sizes.add(run.size()));
    return sizes;
  }

  /** ImageNet's chunks are those of earlier releases; a hundred million images have no more. */
  @Test
  void chunksOfVeryLargeSetsGrowInsteadOfBecomingMore() {
    Chunking first = new Chunking(128, 8L << 20);
    assertThat(Chunking.of(60_000, 180_000_000)).isEqualTo(first);
    assertThat(Chunking.of(1_331_167, 154_600_000_000L)).isEqualTo(first);
    assertThat(Chunking.of(14_197_122, 1_310_000_000_000L))
        .isEqualTo(new Chunking(1024, 64L << 20));
    assertThat(Chunking.of(100_000_000, 11_000_000_000_000L))
        .isEqualTo(new Chunking(8192, 512L << 20));
    assertThat(Chunking.of(100_000_000, 100_000_000)).isEqualTo(new Chunking(4096, 256L << 20));
    assertThat(Chunking.scale(1 << 15)).isEqualTo(1);
    assertThat(Chunking.scale(1_000_000)).isEqualTo(32);
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

  private static SourceFile file(long bytes) {
    return new SourceFile("f", bytes, new SourceFile.OnDisk(Path.of("f")));
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
