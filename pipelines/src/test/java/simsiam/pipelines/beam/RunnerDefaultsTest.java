package simsiam.pipelines.beam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

class RunnerDefaultsTest {
  @TempDir private Path jobs;

  private List<String> added(Runner runner, String... arguments) {
    return RunnerDefaults.of(new RunnerOptions(runner, List.of(arguments)), Optional.of(jobs));
  }

  private Path jar(String name) throws IOException {
    return Files.createFile(jobs.resolve(name));
  }

  @Test
  void withoutAMasterTheRunnersStayInThisProcess() {
    assertThat(added(Runner.DIRECT)).isEmpty();
    assertThat(added(Runner.FLINK)).containsExactly("--flinkMaster=[local]", "--fasterCopy=true");
    assertThat(added(Runner.SPARK)).containsExactly("--sparkMaster=local[*]");
  }

  @Test
  void aClusterGetsTheJobJar() throws IOException {
    Path flink = jar("simsiam-flink-job.jar");
    Path spark = jar("simsiam-spark-job.jar");

    assertThat(added(Runner.FLINK, "--flinkMaster=host:8081", "--parallelism=4"))
        .containsExactly(
            "--fasterCopy=true",
            "--attachedMode=false",
            "--filesToStage=" + flink.toAbsolutePath());
    assertThat(added(Runner.SPARK, "--sparkMaster=spark://host:7077"))
        .containsExactly("--filesToStage=" + spark.toAbsolutePath());
  }

  @Test
  void whatTheUserSaysStays() {
    assertThat(
            added(
                Runner.FLINK,
                "--flinkMaster=host:8081",
                "--fasterCopy=false",
                "--attachedMode=false",
                "--filesToStage=my.jar"))
        .isEmpty();
  }

  @Test
  void aJobThatCouldNotBeCancelledIsRefused() {
    for (String attached : List.of("--attachedMode", "--attachedMode=true")) {
      assertThatThrownBy(() -> added(Runner.FLINK, "--flinkMaster=host:8081", attached))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "Cannot use a Flink cluster: expected no --attachedMode, with which an interrupted"
                  + " run could not cancel its job, got it");
    }
    assertThat(added(Runner.FLINK, "--attachedMode=true"))
        .containsExactly("--flinkMaster=[local]", "--fasterCopy=true");
  }

  @Test
  void aMissingJobJarIsNamedWithHowToMakeIt() {
    assertThatThrownBy(() -> added(Runner.FLINK, "--flinkMaster=host:8081"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot submit to a cluster: expected simsiam-flink-job.jar, which the build makes"
                + " with -Pflink (or name other jars with --filesToStage), got none (%s)",
            jobs.resolve("simsiam-flink-job.jar").toAbsolutePath());
  }

  @Test
  void dataflowsNeedsAreNamedAllAtOnce() {
    assertThatThrownBy(() -> added(Runner.DATAFLOW, "--region=europe-west1", "--project="))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot use the dataflow runner: expected --project, --region and --gcpTempLocation"
                + " after --, got none for --project, --gcpTempLocation");
    assertThat(
            added(Runner.DATAFLOW, "--project=p", "--region=r", "--gcpTempLocation=gs://bucket/t"))
        .isEmpty();
  }
}
