package simsiam.pipelines.source.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceReading;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.folders.FolderSource;

/** Lists whose images may show several classes. */
class SeveralClassesListTest {
  @TempDir Path root;
  @TempDir Path scratch;
  private Path list;

  @BeforeEach
  void images() {
    list = root.resolve("images.csv");
    for (String name : List.of("a.png", "b.png", "c.png", "d.png")) {
      Fixtures.write(root.resolve(name), Fixtures.png(3, 4, name.hashCode()));
    }
  }

  private void csv(String content) {
    Fixtures.write(list, content.getBytes(StandardCharsets.UTF_8));
  }

  private ImageSource source(String separator) {
    return new FolderSource("image_list", new ImageList(list, separator), 0);
  }

  private String digest(String separator) {
    return source(separator).contents(DigestCache.open(scratch.resolve("none"))).digest();
  }

  private List<String> rows(String separator) {
    LabelSpace space =
        source(separator).contents(DigestCache.open(scratch.resolve("none"))).space();
    return SourceReading.rows(source(separator), scratch).stream()
        .map(row -> row.image().id() + " " + text(space, row.image().label()))
        .sorted()
        .toList();
  }

  private static String text(LabelSpace space, int label) {
    if (label < 0) {
      return "unknown";
    }
    LabelSet set = space.sets().get(label);
    return set.present() + " " + set.ignored();
  }

  private void assertProblem(String message) {
    assertThatThrownBy(() -> source("|").check())
        .isInstanceOf(InvalidConfigException.class)
        .hasMessage("Invalid dataset.path: " + message);
  }

  /** An empty cell is an answer: none of the classes; -1 is none. */
  @Test
  void aCellHasAnyNumberOfClasses() {
    csv(
        """
        path,labels,ignored_labels,split
        a.png,emu|cat,,train
        b.png, cat | emu ,fox,train
        c.png,,,train
        d.png,-1,,test
        """);
    assertThat(source("|").classNames()).containsExactly("cat", "emu", "fox");
    assertThat(rows("|"))
        .containsExactly("a.png [0, 1] []", "b.png [0, 1] [2]", "c.png [] []", "d.png unknown");
    assertThat(source("|").listing().splits().get(0).classCounts()).containsExactly(2L, 2L, 0L);
    assertThat(source("|").listing().splits().get(1).unlabelled()).hasValue(1);
  }

  @Test
  void numbersAndAFileOfNamesAreUnderstoodAsInOtherLists() {
    csv("path,labels\na.png,10 2\nb.png,2\nc.png,\nd.png,10\n");
    assertThat(source(" ").classNames()).containsExactly("2", "10");
    Fixtures.write(root.resolve("class_names.txt"), "x\ny\nz\n".getBytes(StandardCharsets.UTF_8));
    csv("path,labels\na.png,x;2\nb.png,1\nc.png,\nd.png,z\n");
    assertThat(rows(";"))
        .containsExactly("a.png [0, 2] []", "b.png [1] []", "c.png [] []", "d.png [2] []");
  }

  @Test
  void otherClassesAreOtherContent() {
    csv("path,labels\na.png,x|y\nb.png,y\n");
    String before = digest("|");
    csv("path,labels\na.png,y|x\nb.png,y\n");
    assertThat(digest("|")).as("the order in a cell says nothing").isEqualTo(before);
    csv("path,labels\na.png,x|y\nb.png,x\n");
    assertThat(digest("|")).isNotEqualTo(before);
    csv("path,labels,ignored_labels\na.png,x,y\nb.png,y,\n");
    assertThat(digest("|")).isNotEqualTo(before);
  }

  @Test
  void wrongCellsAreNamed() {
    csv("path,labels\na.png,x||y\n");
    assertProblem(
        "expected classes, each once, with '|' between them, got 'x||y' (%s:2)".formatted(list));
    csv("path,labels\na.png,x|x\n");
    assertProblem(
        "expected classes, each once, with '|' between them, got 'x|x' (%s:2)".formatted(list));
    csv("path,labels,ignored_labels\na.png,x|y,y\n");
    assertProblem(
        "expected classes in labels or in ignored_labels, got 'x|y' and 'y' (%s:2)"
            .formatted(list));
    csv("path,labels\na.png,x\na.png,y\n");
    assertProblem("expected each image once, got a.png of %s:2 again (%s:3)".formatted(list, list));
    csv("path,labels\na.png,\nb.png,\n");
    assertProblem(
        "expected classes of some images in column labels, got none (%s)".formatted(list));
    csv("path,labels\na.png,-1\n");
    assertProblem(
        "expected classes of some images in column labels, got none (%s)".formatted(list));
    csv("path,labels\na.png,0.5|1\n");
    assertThatThrownBy(() -> source("|").check())
        .hasMessageContaining("whole numbers from 0 in column labels");
    csv("path,label\na.png,x|y\n");
    assertProblem(
        "expected columns path and labels (dataset.label_separator is set) and, where known,"
            + " ignored_labels and split, each once, got path, label (%s:1)".formatted(list));
    Fixtures.write(root.resolve("class_names.txt"), "x\ny\n".getBytes(StandardCharsets.UTF_8));
    csv("path,labels\na.png,x|emu\n");
    assertProblem(
        "expected a class name or a number from 0 to 1 in column labels, got 'emu' (%s:2)"
            .formatted(list));
  }

  @Test
  void anImageThatIsNotThereIsAReject() {
    csv("path,labels\na.png,x\nnone.png,x|y\n");
    assertThat(source("|").listing().missing())
        .extracting("message")
        .containsExactly(
            "Cannot read image: expected a file, got none (%s:3) (none.png)".formatted(list));
  }
}
