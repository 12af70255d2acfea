package simsiam.pipelines.source.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.folders.FolderSource;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;

class ImageListTest {
  @TempDir Path root;
  @TempDir Path scratch;
  private Path list;

  @BeforeEach
  void images() {
    list = root.resolve("images.csv");
    for (String name : List.of("a.png", "b/c.png", "b/d, e.png", "f \"g\".png")) {
      Fixtures.write(root.resolve(name), Fixtures.png(3, 4, name.length()));
    }
  }

  @Test
  void namesLabelsAndSplitsComeFromTheColumns() {
    csv(
        """
        split,path,label,remark
        train,a.png,emu,x
        test,b/c.png,cat,

        train,"b/d, e.png",cat,"two
        lines"
        train,"f ""g"".png",,y\
        """
            .replace("\n", "\r\n"));

    assertThat(source(0).classNames()).containsExactly("cat", "emu");
    assertThat(rows(0))
        .containsExactly(
            "TRAIN b/d, e.png 0", "TRAIN a.png 1", "TRAIN f \"g\".png -1", "TEST b/c.png 0");
    assertThat(source(0).mostTrainImages()).hasValue(3);
  }

  @Test
  void withoutLabelsAndSplitsPathsAreEnough() {
    csv("\uFEFFpath\na.png\nb/c.png\n");

    assertThat(source(0).classNames()).isEmpty();
    assertThat(rows(1)).containsExactly("UNSPLIT a.png -1");
  }

  @Test
  void numbersAreSortedByValue() {
    csv("path,label\na.png,10\nb/c.png,9\n");

    assertThat(source(0).classNames()).containsExactly("9", "10");
    assertThat(rows(0)).containsExactly("UNSPLIT b/c.png 0", "UNSPLIT a.png 1");
  }

  @Test
  void aFileOfClassNamesFixesThem() {
    Fixtures.write(root.resolve("class_names.txt"), bytes("zebra\nemu\ncat\n"));
    csv("path,label\na.png,2\nb/c.png,emu\n");

    assertThat(source(0).classNames()).containsExactly("zebra", "emu", "cat");
    assertThat(rows(0)).containsExactly("UNSPLIT b/c.png 1", "UNSPLIT a.png 2");
  }

  @Test
  void aLabelOutOfRangeIsNamed() {
    Fixtures.write(root.resolve("class_names.txt"), bytes("zebra\nemu\n"));
    csv("path,label\na.png,1\n\nb/c.png,2\n");

    assertProblem(
        "expected a class name or a number from 0 to 1 in column label, got '2' (%s:4)"
            .formatted(list));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.png", "/etc/passwd", "b/../../a.png", "C:\\a.png"})
  void aPathThatLeadsOutIsRefused(String path) {
    csv("path\na.png\n" + path + "\n");

    assertProblem("expected relative names without '..', got %s (%s:3)".formatted(path, list));
  }

  @Test
  void aMissingImageIsNamed() {
    csv("path\na.png\nz.png\n");

    assertThat(source(0).listing().missing())
        .containsExactly(
            new SourceImage.Unreadable(
                "z.png",
                -1,
                "missing",
                "Cannot read image: expected a file, got none (%s:3) (z.png)".formatted(list)));
    assertThat(SourceReading.rows(source(0), scratch))
        .extracting(row -> row.image() instanceof SourceImage.Unreadable)
        .containsExactly(false, true);
  }

  /** A task for all of them would be in memory at once. */
  @Test
  void missingImagesAreTasksOfTenThousand() {
    StringBuilder rows = new StringBuilder("path\na.png\n");
    for (int i = 0; i < 20_001; i++) {
      rows.append("gone-").append(i).append(".png\n");
    }
    csv(rows.toString());

    assertThat(SourceReading.chunks(source(0), scratch))
        .extracting(SourceChunk::size)
        .containsExactly(1, 10_000, 10_000, 1);
    assertThat(SourceReading.rows(source(0), scratch))
        .hasSize(20_002)
        .last()
        .extracting(row -> row.image().id())
        .isEqualTo("gone-20000.png");
    assertThat(source(0).listing().missingCount()).isEqualTo(20_001);
  }

  @Test
  void aFolderInsteadOfAnImageIsNamed() {
    csv("path\na.png\nb\na.png/x.png\n");

    assertThat(source(0).listing().missing())
        .extracting(SourceImage.Unreadable::message)
        .containsExactly(
            "Cannot read image: expected a file, got a folder (%s:3) (b)".formatted(list),
            "Cannot read image: expected a file, got none (%s:4) (a.png/x.png)".formatted(list));
  }

  @Test
  void anEmptyPathIsRefused() {
    csv("path,label\na.png,x\n,y\n");

    assertProblem("expected an image file in column path, got none (%s:3)".formatted(list));
  }

  @Test
  void anImageNamedTwiceIsRefused() {
    csv("path\na.png\n./a.png\n");

    assertProblem(
        "expected each image once, got ./a.png of %s:2 again (%s:3)".formatted(list, list));
  }

  @Test
  void aRowOfOtherLengthIsNamed() {
    csv("path,label\na.png,x,y\n");

    assertProblem("expected 2 fields, as in the first line, got 3 (%s:2)".formatted(list));
  }

  @Test
  void aQuoteWithoutEndIsNamed() {
    csv("path\na.png\n\"b/c.png\n\n");

    assertProblem("expected a quote that ends, got none (%s:3)".formatted(list));
  }

  @Test
  void aSplitOfAnotherNameIsNamed() {
    csv("path,split\na.png,trian\n");

    assertProblem(
        "expected a split, train (training), val (valid, validation, dev), test (testing, eval,"
            + " evaluation), in column split, got 'trian' (%s:2)".formatted(list));
  }

  @Test
  void imagesOfNoSplitBesideSuchOfOneAreRefused() {
    csv("path,split\na.png,train\nb/c.png,test\n\"b/d, e.png\",\n");

    assertProblem(
        "expected train or test in column split of each image, and both of them, or nothing there"
            + " at all, got 1 of train, 1 of test, 1 of no split (%s)".formatted(list));
  }

  /** Which of the two was read depended on a hash, and the other was not. */
  @Test
  void imagesOfNoSplitBesideThoseOfTrainAreRefused() {
    csv("path,split\na.png,train\nb/c.png,train\n\"b/d, e.png\",\n");

    assertThatThrownBy(() -> source(0).check())
        .hasMessageEndingWith("got 2 of train, 1 of no split (%s)".formatted(list));
  }

  @Test
  void imagesToTestOnAloneAreRefused() {
    csv("path,split\na.png,test\nb/c.png,val\n");

    assertThatThrownBy(() -> source(0).check())
        .hasMessageEndingWith("got 2 of test (%s)".formatted(list));
  }

  @Test
  void splitsMayHaveTheirOtherNamesInAnyCase() {
    csv("path,split\na.png,Training\nb/c.png,DEV\n\"b/d, e.png\",valid\n");

    assertThat(rows(0)).containsExactly("TRAIN a.png -1", "TEST b/c.png -1", "TEST b/d, e.png -1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-1.0", ""})
  void minusOneForAllIsNoClass(String unknown) {
    csv("path,label\na.png,%s\nb/c.png,%s\n".formatted(unknown, unknown));

    assertThat(source(0).classNames()).isEmpty();
    assertThat(rows(0)).containsExactly("UNSPLIT a.png -1", "UNSPLIT b/c.png -1");
  }

  @Test
  void minusOneForSomeIsCounted() {
    csv("path,label\na.png,1\nb/c.png,-1\n\"b/d, e.png\",0\n");

    assertThat(source(0).classNames()).containsExactly("0", "1");
    SourceListing.Split split = source(0).listing().splits().get(0);
    assertThat(split.classCounts()).containsExactly(1L, 1L);
    assertThat(split.unlabelled()).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-2", "0.731", "1.5e0", "2.50"})
  void labelsThatMeasureSomethingAreRefused(String label) {
    csv("path,label\na.png,%s\nb/c.png,7\n".formatted(label));

    assertProblem(
        "expected class names or whole numbers from 0 in column label, -1 or nothing where the"
            + " class is not known (a file class_names.txt beside the list allows any names), got"
            + " '%s' (%s)".formatted(label, list));
    Fixtures.write(root.resolve("class_names.txt"), bytes(label + "\n7\n"));
    assertThat(source(0).classNames()).containsExactly(label, "7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Label", "SPLIT", "Path"})
  void aColumnOfAnotherCaseIsNotOverlooked(String column) {
    csv("path,%s\na.png,1\n".formatted(column));

    assertProblem(
        "expected columns path and, where known, label and split, each once, got path, %s (%s:1)"
            .formatted(column, list));
  }

  @Test
  void aListWithoutPathsIsNamed() {
    csv("file,label\na.png,1\n");

    assertProblem(
        "expected columns path and, where known, label and split, each once, got file, label"
            + " (%s:1)".formatted(list));
  }

  @Test
  void theDigestKnowsLabels() {
    csv("path,label\na.png,x\nb/c.png,y\n");
    String before = digest();
    csv("path,label\na.png,y\nb/c.png,x\n");

    assertThat(digest()).isNotEqualTo(before);
  }

  private void csv(String text) {
    Fixtures.write(list, bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> rows(int limit) {
    return SourceReading.rows(source(limit), scratch).stream()
        .map(row -> row.split() + " " + row.image().id() + " " + row.image().label())
        .toList();
  }

  private String digest() {
    return source(0).contents(DigestCache.open(scratch.resolve("none"))).digest();
  }

  private ImageSource source(int limit) {
    return new FolderSource("image_list", new ImageList(list), limit);
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source(0).check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }
}
