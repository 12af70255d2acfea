package simsiam.pipelines.source.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.Packing;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.tables.ImageList;

class PascalVocTest {
  @TempDir Path work;
  @TempDir Path scratch;
  private Path root;
  private VocFolders voc;

  @BeforeEach
  void layout() {
    root = work.resolve("VOCdevkit/VOC2007");
    voc = VocFolders.made(root, 4, 3);
  }

  private FolderSource source(Path path) {
    return new FolderSource("pascal_voc", new PascalVoc(path), 0);
  }

  /** Each image with what it shows and what it ignores. */
  private List<String> rows(FolderSource source) {
    LabelSpace space = source.contents(DigestCache.open(scratch.resolve("none"))).space();
    return SourceReading.rows(source, scratch).stream()
        .map(
            row ->
                "%s %s %s"
                    .formatted(row.split(), row.image().id(), text(space, row.image().label())))
        .sorted()
        .toList();
  }

  private static String text(LabelSpace space, int label) {
    LabelSet set = space.sets().get(label);
    return set.present() + " " + set.ignored();
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(root).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }

  private Path list(String name) {
    return root.resolve("ImageSets/Main").resolve(name);
  }

  @Test
  void theListsOfTheClassesSayWhatAnImageShows() {
    assertThat(source(root).classNames()).containsExactly("cat", "dog");
    assertThat(rows(source(root)))
        .containsExactly(
            "TEST JPEGImages/000004.jpg [0] []",
            "TEST JPEGImages/000005.jpg [] []",
            "TEST JPEGImages/000006.jpg [0, 1] []",
            "TRAIN JPEGImages/000000.jpg [0] [1]",
            "TRAIN JPEGImages/000001.jpg [] []",
            "TRAIN JPEGImages/000002.jpg [0] []",
            "TRAIN JPEGImages/000003.jpg [1] []");
    SourceListing listing = source(root).listing();
    assertThat(listing.splits().get(0).classCounts()).as("by class").containsExactly(2L, 1L);
    assertThat(listing.splits().get(0).unlabelled()).hasValue(0);
    assertThat(listing.splits().get(1).classCounts()).containsExactly(2L, 1L);
  }

  @Test
  void theFolderAboveAndAnArchiveGiveTheSame() {
    String digest = source(root).contents(DigestCache.open(scratch.resolve("none"))).digest();
    List<String> rows = rows(source(root));
    for (Path path :
        List.of(
            work,
            work.resolve("VOCdevkit"),
            Packing.pack(scratch.resolve("voc.tar"), work, ""),
            Packing.pack(scratch.resolve("voc.zip"), root, ""))) {
      assertThat(rows(source(path))).as(path.toString()).isEqualTo(rows);
    }
    assertThat(source(work).contents(DigestCache.open(scratch.resolve("none"))).digest())
        .isEqualTo(digest);
    Path packed = Packing.pack(scratch.resolve("voc.tar.gz"), work, "");
    assertThatThrownBy(() -> source(packed).check())
        .hasMessage(
            "Invalid dataset.path: expected a folder, a zip or a plain tar of PASCAL VOC, got a"
                + " compressed tar, which would be read anew for each of its lists (%s)",
            packed);
  }

  /** The labels are the same where the annotations tell them, as of sets that others made. */
  @Test
  void withoutListsOfClassesTheAnnotationsSayIt() {
    List<String> listed = rows(source(root));
    for (String name : List.of("cat", "dog")) {
      voc.delete("ImageSets/Main/" + name + "_trainval.txt");
      voc.delete("ImageSets/Main/" + name + "_test.txt");
    }
    voc.annotation("000000", "cat 0", "dog 1");
    voc.annotation("000001");
    voc.annotation("000002", "cat 1", "cat 0");
    voc.annotation("000003", "dog");
    voc.annotation("000004", "cat");
    voc.annotation("000005");
    voc.annotation("000006", "dog 0", "cat 0", "cat 0");

    assertThat(rows(source(root))).isEqualTo(listed);
  }

  @Test
  void aListWithTheSameImagesAndClassesGivesTheSame() {
    voc.text(
        "list.csv",
        """
        path,labels,ignored_labels,split
        JPEGImages/000000.jpg,cat,dog,train
        JPEGImages/000001.jpg,,,train
        JPEGImages/000002.jpg,cat,,train
        JPEGImages/000003.jpg,dog,,train
        JPEGImages/000004.jpg,cat,,test
        JPEGImages/000005.jpg,,,test
        JPEGImages/000006.jpg,dog|cat,,test
        """);
    FolderSource list =
        new FolderSource("image_list", new ImageList(root.resolve("list.csv"), "|"), 0);
    assertThat(rows(list)).isEqualTo(rows(source(root)));
  }

  /** Later years have no labels of test images. */
  @Test
  void withoutATestSplitTrainAndValAreUsed() throws Exception {
    for (String name : List.of("", "cat_", "dog_")) {
      Files.move(list(name + "trainval.txt"), list(name + "train.txt"));
      Files.move(list(name + "test.txt"), list(name + "val.txt"));
      voc.text("ImageSets/Main/" + name + "trainval.txt", "000000 1\n");
    }
    assertThat(rows(source(root)))
        .hasSize(7)
        .contains("TRAIN JPEGImages/000003.jpg [1] []", "TEST JPEGImages/000004.jpg [0] []");
  }

  @Test
  void imagesThatNoListNamesAreSkippedAndThoseThatAreNotThereAreRejects() {
    voc.text("JPEGImages/other.jpg", "of another task");
    voc.delete("JPEGImages/000001.jpg");
    SourceListing listing = source(root).listing();
    assertThat(listing.skipped())
        .containsExactly(new SkippedFile("JPEGImages/other.jpg", SkippedFile.NOT_USED));
    assertThat(listing.missing())
        .extracting("message")
        .containsExactly(
            "Cannot read image: expected a file, got none (trainval of ImageSets/Main)"
                + " (JPEGImages/000001.jpg)");
  }

  /** A document type can name files and addresses, which must not be read. */
  @Test
  void annotationsThatDeclareATypeAreRefused() throws Exception {
    Path secret = Files.writeString(work.resolve("secret.txt"), "cat");
    noLists();
    for (String xml :
        List.of(
            "<!DOCTYPE annotation [<!ENTITY s SYSTEM \"%s\">]>".formatted(secret.toUri()),
            "<!DOCTYPE annotation [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>",
            "<!DOCTYPE annotation SYSTEM \"http://127.0.0.1:9/a.dtd\">")) {
      voc.text(
          "Annotations/000000.xml",
          xml + "<annotation><object><name>&s;</name></object></annotation>");
      assertThatThrownBy(() -> source(root).check())
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageContaining("an annotation in XML, without a document type")
          .hasMessageContaining("DOCTYPE is disallowed")
          .hasMessageContaining("000000.xml:1)");
    }
  }

  private void noLists() {
    for (String split : List.of("trainval", "test")) {
      voc.delete("ImageSets/Main/cat_%s.txt".formatted(split));
      voc.delete("ImageSets/Main/dog_%s.txt".formatted(split));
    }
  }

  @Test
  void brokenAnnotationsAreNamed() {
    noLists();
    Path file = root.resolve("Annotations/000000.xml");
    assertProblem(
        "expected an annotation of each image, or files of each class in ImageSets/Main, got none"
            + " of 000000 (%s)".formatted(file));
    voc.text("Annotations/000000.xml", "<annotation><object>");
    assertThatThrownBy(() -> source(root).check())
        .hasMessageContaining("expected an annotation in XML, without a document type, got ")
        .hasMessageContaining(file.toString());
    voc.text("Annotations/000000.xml", "");
    assertThatThrownBy(() -> source(root).check()).hasMessageContaining("an annotation in XML");
    voc.text("Annotations/000000.xml", "<html/>");
    assertProblem("expected an element annotation, got html (%s)".formatted(file));
    voc.text("Annotations/000000.xml", "<annotation><object/></annotation>");
    assertProblem("expected one name of each object, got none or more (%s)".formatted(file));
    voc.annotation("000000", "cat 2");
    assertProblem("expected difficult to be 0 or 1, got '2' (%s)".formatted(file));
    for (int i = 0; i < 7; i++) {
      voc.annotation("00000" + i);
    }
    assertProblem(
        "expected objects in some annotations, got none (%s)"
            .formatted(root.resolve("Annotations")));
  }

  @Test
  void wrongListsAreNamed() {
    voc.text("ImageSets/Main/cat_test.txt", "000004 1\n000005 -1\n000006 2\n");
    assertProblem(
        "expected an image and 1, 0 or -1, got '000006 2' (%s:3)".formatted(list("cat_test.txt")));
    voc.text("ImageSets/Main/cat_test.txt", "000004 1\n000005 -1\n000004 -1\n");
    assertProblem(
        "expected each image once, and those of cat_test.txt, got 000004 (%s:3)"
            .formatted(list("cat_test.txt")));
    voc.text("ImageSets/Main/cat_test.txt", "000004 1\n000005 -1\n");
    assertProblem(
        "expected each image once, and those of cat_test.txt, got 000006 (%s:3)"
            .formatted(list("dog_test.txt")));
    voc.text("ImageSets/Main/cat_test.txt", "000004 1\n000005 -1\n000006 1\n000007 1\n");
    assertProblem(
        "expected a line for each image, got none for 000007 (%s)".formatted(list("dog_test.txt")));
    voc.text("ImageSets/Main/cat_test.txt", "../x 1\n");
    assertProblem(
        "expected relative names without '..', got ../x (%s:1)".formatted(list("cat_test.txt")));
    voc.text("ImageSets/Main/cat_test.txt", "");
    voc.text("ImageSets/Main/dog_test.txt", "\n");
    assertProblem(
        "expected images of test, got none (%s)".formatted(root.resolve("ImageSets/Main")));
  }

  @Test
  void splitsHaveTheSameClassesAndNoImageInCommon() {
    voc.delete("ImageSets/Main/dog_test.txt");
    assertProblem(
        "expected a file of each class for trainval and for test, got one for dog alone (%s)"
            .formatted(root.resolve("ImageSets/Main")));
    voc.text("ImageSets/Main/dog_test.txt", "000000 1\n");
    voc.text("ImageSets/Main/cat_test.txt", "000000 1\n");
    assertProblem(
        "expected each image in one list, got 000000 in trainval and test (%s)"
            .formatted(root.resolve("ImageSets/Main")));
    for (String split : List.of("trainval", "test")) {
      voc.delete("ImageSets/Main/%s.txt".formatted(split));
    }
    noLists();
    assertProblem(
        "expected lists of trainval and test, or of train and val, in ImageSets/Main, got none of"
            + " train (%s)".formatted(root.resolve("ImageSets/Main")));
  }

  @Test
  void aFolderOfSomethingElseIsRefused() throws Exception {
    Path other = Files.createDirectories(work.resolve("other/images")).getParent();
    assertThatThrownBy(() -> source(other).check())
        .hasMessage(
            "Invalid dataset.path: expected one folder with JPEGImages, ImageSets/Main and"
                + " Annotations, got none (%s)",
            other.resolve("images"));
    Path images = Files.createDirectories(work.resolve("bare/JPEGImages")).getParent();
    assertThatThrownBy(() -> source(images).check())
        .hasMessage(
            "Invalid dataset.path: expected a folder ImageSets/Main beside JPEGImages, got none"
                + " (%s)",
            images.resolve("ImageSets/Main"));
    VocFolders.made(work.resolve("VOCdevkit/VOC2012"), 2, 2);
    assertThatThrownBy(() -> source(work.resolve("VOCdevkit")).check())
        .hasMessage(
            "Invalid dataset.path: expected one folder with JPEGImages, ImageSets/Main and"
                + " Annotations, got [VOC2007, VOC2012] (%s)",
            work.resolve("VOCdevkit"));
  }
}
