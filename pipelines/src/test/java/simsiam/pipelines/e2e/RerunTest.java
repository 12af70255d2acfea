package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.source.Fixtures;

/** After a finished run, only what a change reaches is made again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RerunTest {
  private static final String DONE = "done";
  private static final List<String> STAGES =
      List.of("preprocess", "shard", "pretrain", "features", "knn", "probe", "linear", "report");

  private TinyStudy study;

  @BeforeAll
  void runOnce(@TempDir Path folder) throws Exception {
    study = TinyStudy.in(folder);
    assertThat(stages(finished("run", DONE), "ran")).isEqualTo(STAGES);
  }

  private String finished(String command, String workspace, String... more) throws Exception {
    try (SimsiamProcess run = study.start(command, workspace, more)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
      return run.output();
    }
  }

  /** Names of the stages that a run's output says this of. */
  private static List<String> stages(String output, String state) {
    return output
        .lines()
        .filter(line -> line.matches("\\w+ +" + state + " .*"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  @Test
  void aSecondRunDoesNothing() throws Exception {
    String output = finished("run", DONE);

    assertThat(stages(output, "cached")).isEqualTo(STAGES);
    assertThat(stages(output, "begins")).isEmpty();
  }

  @Test
  void oneStageRunsAloneEvenIfTheDataSetIsGone() throws Exception {
    String output =
        finished("run", DONE, "--only", "linear", "linear.epochs=2", "dataset.path=/nowhere");

    assertThat(stages(output, "ran")).containsExactly("linear");
    assertThat(stages(output, "cached")).isEmpty();
    assertThat(output).contains("linear.epochs 3 -> 2");
  }

  @Test
  void planNamesTheKeyThatChangedAndWhatItReaches() throws Exception {
    String output = finished("plan", DONE, "train.base_lr=0.05", "train.loader_threads=3");

    assertThat(stages(output, "cached")).containsExactly("preprocess", "shard");
    assertThat(stages(output, "run"))
        .containsExactly("pretrain", "features", "knn", "probe", "linear", "report");
    assertThat(output.lines())
        .anyMatch(line -> line.matches("pretrain +run .* train\\.base_lr 0\\.03 -> 0\\.05"))
        .anyMatch(line -> line.matches("features +run .* pretrain changed"));
  }

  @Test
  void aDataSetWithoutLabelsGoesThroughWithoutThoseStagesThatNeedThem() throws Exception {
    Path images = study.folder().resolve("images");
    for (int i = 0; i < 48; i++) {
      Fixtures.write(images.resolve(i + ".png"), Fixtures.png(12, 16, i));
    }

    String output =
        finished(
            "run",
            "unlabelled",
            "dataset.source=unlabelled_folder",
            "dataset.path=" + images,
            "dataset.limit=0",
            "knn.k=200",
            "train.epochs=1");

    assertThat(stages(output, "ran")).isEqualTo(STAGES);
    assertThat(output.lines())
        .anyMatch(line -> line.matches("knn +ran .*skipped: the images have no labels"))
        .anyMatch(line -> line.matches("probe +ran .*skipped: the images have no labels"))
        .anyMatch(line -> line.matches("linear +ran .*skipped: the images have no labels"));
  }
}
