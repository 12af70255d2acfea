package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.FileTree;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.SuccessRecord;

/** Outputs and inputs that change, or go, while a stage runs. */
class ChangingFoldersTest {
  @TempDir private Path folder;
  private Study study;

  @BeforeEach
  void study() {
    study = new Study(folder);
  }

  /**
   * Digests of two files are claimed, wrong ones: of the one that is changed then, none is kept.
   */
  @Test
  void filesWhoseWritersToldTheirDigestsAreReadOnlyIfTheyChangedSince() throws Exception {
    String claimed = "1".repeat(64);
    study.c.body =
        context -> {
          for (String name : List.of("kept.txt", "changed.txt", "other size.txt")) {
            Files.writeString(context.output().resolve(name), "abc");
          }
          context.written("kept.txt", 3, claimed);
          context.written("changed.txt", 3, claimed);
          context.written("other size.txt", 4, claimed);
          context.written("not here.txt", 3, claimed);
          Path changed = context.output().resolve("changed.txt");
          FileTime time = Files.getLastModifiedTime(changed);
          TimeUnit.MILLISECONDS.sleep(20);
          Files.writeString(changed, "abd");
          Files.setLastModifiedTime(changed, time);
          return SomeReport.of("done");
        };
    study.run();

    SuccessRecord record = study.plan(Selection.all()).all().get("c").last().orElseThrow();

    assertThat(record.files())
        .containsOnlyKeys("kept.txt", "changed.txt", "other size.txt")
        .containsEntry("kept.txt", new SuccessRecord.OutputFile(3, claimed))
        .containsEntry(
            "changed.txt",
            new SuccessRecord.OutputFile(
                3, "a52d159f262b2c6ddb724a61840befc36eb30c88877a4030b65cbe86298449c9"))
        .containsEntry(
            "other size.txt",
            new SuccessRecord.OutputFile(
                3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void aStageWhoseFolderIsRemovedUnderItSaysSoAndNotWhatThatLedTo() {
    Path[] removed = new Path[1];
    study.c.body =
        context -> {
          removed[0] = context.output();
          FileTree.delete(context.output());
          Files.writeString(context.output().resolve("data.txt"), "too late");
          return SomeReport.of("done");
        };

    assertThatThrownBy(() -> study.run())
        .isInstanceOf(StageFailedException.class)
        .cause()
        .hasMessage(
            "Cannot make the output of c: expected its unfinished folder to stay meanwhile, got none (%s)",
            removed[0])
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void soDoesOneWhoseInputIsRemoved() {
    Path[] removed = new Path[1];
    study.c.body =
        context -> {
          removed[0] = context.upstream("b");
          FileTree.delete(removed[0]);
          Files.readString(removed[0].resolve("data.txt"));
          return SomeReport.of("done");
        };

    assertThatThrownBy(() -> study.run())
        .isInstanceOf(StageFailedException.class)
        .cause()
        .hasMessage(
            "Cannot make the output of c: expected the output of b to stay meanwhile, got none (%s)",
            removed[0]);
  }
}
