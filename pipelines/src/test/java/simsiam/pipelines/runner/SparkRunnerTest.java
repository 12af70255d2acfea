package simsiam.pipelines.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

/** Spark inside this process. */
@Tag("spark")
class SparkRunnerTest {
  private static final RunnerOptions LOCAL =
      new RunnerOptions(Runner.SPARK, List.of("--sparkMaster=local[3]"));

  @TempDir private Path folder;

  @Test
  void writesTheBytesOfTheDirectRunner() throws IOException {
    Study study = new Study(folder.resolve("images"), 900);

    assertThat(study.run(folder.resolve("spark"), LOCAL))
        .isEqualTo(study.expected(folder.resolve("direct")));
  }

  @Test
  void hashesAsThisMachineDoes() throws IOException {
    HashedSet set = new HashedSet(folder.resolve("set"), 20);

    set.hash(folder, BeamOptions.parse(LOCAL));

    assertThat(set.unread(folder).isEmpty()).isTrue();
    assertThat(set.known(folder)).isEqualTo(set.here());
  }

  @Test
  void aWorkersErrorIsTheFirstThingSaid() throws IOException {
    Study study = new Study(folder.resolve("images"), 10);
    Path output = Files.createDirectory(folder.resolve("output"));
    Files.createDirectories(output.resolve("examples-00000-of-00001.parquet/in the way"));

    assertThatThrownBy(() -> study.preprocess(output, LOCAL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "Cannot write %s: ".formatted(output.resolve("examples-00000-of-00001.parquet")));
  }

  @Test
  void aFileThatChangedSinceItWasPlannedFailsTheJobByItsName() throws IOException {
    Study study = new Study(folder.resolve("images"), 10);
    SourceContents planned = study.contents();
    Path file = folder.resolve("images/class1/0003.png");
    Files.write(file, Files.readAllBytes(folder.resolve("images/class1/0004.png")));

    assertThatThrownBy(
            () -> study.preprocess(planned, Files.createDirectory(folder.resolve("out")), LOCAL))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "Cannot read the data set: expected %s as it was when the run was planned, got a changed file"
                .formatted(file));
  }
}
