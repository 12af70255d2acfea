package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.store.StageFolder;

/** What took long to make is mended where it is damaged, and never thrown away unasked. */
class DamagedWorkTest {
  @TempDir private Path folder;
  private Study study;
  private Path output;

  /** Stage b is resumable: it writes what it does not find, and says what it found. */
  @BeforeEach
  void runOnce() throws Exception {
    study = new Study(folder);
    study.b.resumable = true;
    study.b.body =
        context -> {
          String found = String.join(" ", names(context.output()));
          write(context.output(), "weeks.txt");
          write(context.output(), "derived.txt");
          return SomeReport.of(found);
        };
    study.run();
    output = study.output("b");
    study.console.lines.clear();
  }

  private static void write(Path folder, String name) throws IOException {
    if (!Files.exists(folder.resolve(name))) {
      Files.writeString(folder.resolve(name), name);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("_") && !name.equals("report.json"))
          .sorted()
          .toList();
    }
  }

  private Path beside(String suffix) {
    return output.resolveSibling(output.getFileName() + suffix);
  }

  private String found() throws IOException {
    return new StageFolder(output).success().orElseThrow().result().headline();
  }

  private void unfinished() throws Exception {
    StageFolder attempt = new StageFolder(output);
    Files.writeString(
        attempt
            .begin(study.plan(Selection.all()).all().get("b").inputs(), new TreeMap<>(), false)
            .resolve("half.txt"),
        "half");
  }

  @Test
  void anOutputWithAFileMoreOrLessIsContinued() throws Exception {
    Files.delete(output.resolve("derived.txt"));

    assertThat(study.reasons(Selection.all()))
        .containsEntry(
            "b", "run output damaged: " + output.resolve("derived.txt") + " is missing; continues");
    study.run();

    assertThat(found()).isEqualTo("weeks.txt");
    assertThat(study.console.lines)
        .contains("b: output damaged: " + output.resolve("derived.txt") + " is missing; continues");
    assertThat(study.runs()).as("those who read it").containsExactly(1, 2, 1, 1);
    assertThat(names(output.getParent())).containsExactly(output.getFileName().toString());
  }

  @Test
  void anOutputWhoseRecordIsUnreadableIsContinued() throws Exception {
    for (String record : new String[] {"", "{}", "{ \"finger"}) {
      Files.writeString(output.resolve("_SUCCESS.json"), record);
      assertThat(study.reasons(Selection.all()))
          .containsEntry(
              "b",
              "run output damaged: no record of it in "
                  + output.resolve("_SUCCESS.json")
                  + "; continues");
      study.run();
      assertThat(found()).isEqualTo("derived.txt weeks.txt");
    }
    Files.delete(output.resolve("_SUCCESS.json"));
    study.run();
    assertThat(found()).isEqualTo("derived.txt weeks.txt");
    assertThat(study.plan(Selection.all()).allCached()).isTrue();
  }

  @Test
  void damageThatLeavesTheLengthIsFoundBeforeItIsRead() throws Exception {
    Files.writeString(output.resolve("weeks.txt"), "WEEKS.txt");
    assertThat(study.plan(Selection.all()).allCached()).as("nobody reads it").isTrue();

    Map<String, String> reasons = study.reasons(Selection.all(), "knn.k=7");
    assertThat(reasons)
        .containsEntry(
            "b",
            "run output damaged: "
                + output.resolve("weeks.txt")
                + " has other bytes than were written; continues");
    assertThat(reasons.get("c")).startsWith("run ");
    assertThat(study.reasons(Study.only("c"), "knn.k=7"))
        .containsEntry("c", "blocked needs the output of b");
    assertThat(study.plan(Study.only("c"), "knn.k=7").all().get("b").reason())
        .isEqualTo(
            "not selected, output damaged: "
                + output.resolve("weeks.txt")
                + " has other bytes than were written");

    study.run("knn.k=7");
    assertThat(found()).isEqualTo("derived.txt weeks.txt");
    assertThat(study.plan(Selection.all(), "knn.k=7").allCached()).isTrue();
  }

  @Test
  void whatCannotBeContinuedStaysAsItIsUntilForced() throws Exception {
    study.b.continuable = false;
    Files.delete(output.resolve("weeks.txt"));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(study::run)
          .hasMessage("Stage b failed: nothing left in " + output.getFileName());
      assertThat(names(output)).containsExactly("derived.txt");
    }
    study.run(Study.forced("b"));

    assertThat(found()).isEmpty();
    assertThat(names(beside(".aside-1"))).containsExactly("derived.txt");
    assertThat(study.console.lines)
        .contains("damaged output of b is kept in " + beside(".aside-1"));
    assertThat(study.workspace.committed("b")).as("what is set aside is no output").hasSize(1);
    assertThat(study.plan(Selection.all()).allCached()).isTrue();
  }

  @Test
  void aFinishedOutputGoesBeforeAnAttemptThatWasBegunSince() throws Exception {
    unfinished();
    Files.delete(output.resolve("derived.txt"));

    study.run();

    assertThat(found()).isEqualTo("weeks.txt");
    assertThat(names(beside(".aside-1"))).containsExactly("half.txt");
    assertThat(study.console.lines)
        .contains("unfinished work of b is kept in " + beside(".aside-1"));
  }

  @Test
  void forcedWorkBeginsAnewAndKeepsWhatWasUnfinished() throws Exception {
    for (int attempt = 1; attempt <= 2; attempt++) {
      unfinished();
      study.run(Study.forced("b"));
      assertThat(found()).isEmpty();
      assertThat(names(beside(".aside-" + attempt))).containsExactly("half.txt");
    }
  }

  @Test
  void aStageFindsAPlaceForItsOwnDamagedParts() throws Exception {
    FileTree.delete(output);
    study.b.body =
        context -> {
          Files.createDirectory(context.aside());
          Files.writeString(context.aside().resolve("part.txt"), "part");
          return SomeReport.of("");
        };

    study.run();

    assertThat(names(beside(".aside-1"))).containsExactly("part.txt");
  }

  @Test
  void whatAKillLeavesOfWritingAFileIsNoPartOfTheOutput() throws Exception {
    FileTree.delete(output);
    unfinished();
    Files.writeString(beside(".partial").resolve("_SUCCESS.json.tmp"), "{");
    Files.writeString(beside(".partial").resolve(".derived.txt.0f.tmp"), "d");

    study.run();

    assertThat(found()).isEqualTo("half.txt");
    assertThat(study.plan(Selection.all()).allCached()).isTrue();
    assertThat(new StageFolder(output).success().orElseThrow().files())
        .containsOnlyKeys("derived.txt", "half.txt", "weeks.txt");
  }
}
