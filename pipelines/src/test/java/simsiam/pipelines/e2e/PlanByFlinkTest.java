package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.runner.FlinkCluster;
import simsiam.pipelines.source.Fixtures;

/** Plans for which a cluster reads the images. */
@Tag("flink")
class PlanByFlinkTest {
  private static final String READS = "flink reads them for the checksum of the data set";

  @TempDir private static Path machines;
  private static FlinkCluster cluster;
  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    cluster = FlinkCluster.withoutRestarts(machines, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private SimsiamProcess program(String command, String workspace, String... more)
      throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                command,
                Path.of("..", "conf", "quickstart.yaml").toString(),
                "workspace=" + folder.resolve(workspace),
                "dataset.source=image_folder",
                "dataset.path=" + folder.resolve("images"),
                "tracking.mode=offline"));
    words.addAll(List.of(more));
    return SimsiamProcess.start(
        folder,
        SimsiamProcess.command(
            List.of("-Dsimsiam.jobs=" + System.getProperty("simsiam.jobs")),
            words.toArray(String[]::new)));
  }

  private String toTheEnd(String command, String workspace, String... more) throws Exception {
    try (SimsiamProcess process = program(command, workspace, more)) {
      assertThat(process.exitCode()).as(process.output()).isZero();
      return process.output();
    }
  }

  private static String[] onCluster(String... more) {
    return Stream.concat(
            Stream.of(more),
            Stream.of("--runner=flink", "--", "--flinkMaster=" + cluster.address()))
        .toArray(String[]::new);
  }

  /** Small images, and time for them to be left alone. */
  private void images(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      String name = String.format(Locale.ROOT, "%s/%04d.png", i % 2 == 0 ? "cat" : "dog", i);
      Fixtures.write(folder.resolve("images").resolve(name), Fixtures.png(8, 8, i));
    }
    TimeUnit.MILLISECONDS.sleep(2_100);
  }

  private List<String> prepared(String workspace) throws IOException {
    try (Stream<Path> outputs = Files.list(folder.resolve(workspace + "/stages/preprocess"))) {
      return outputs.map(output -> output.getFileName().toString()).toList();
    }
  }

  @Test
  void theClusterReadsOnceForThePlanAndTheRunIsThatOfOneMachine() throws Exception {
    images(700);
    toTheEnd("run", "here", "--only=preprocess");
    int before = cluster.states().size();

    assertThat(toTheEnd("plan", "there", onCluster()))
        .contains("700 files or parts of files are new or changed (0 MB): " + READS);
    assertThat(cluster.states()).hasSize(before + 1);
    assertThat(toTheEnd("plan", "there", onCluster())).doesNotContain(READS);
    assertThat(toTheEnd("run", "there", onCluster("--only=preprocess"))).doesNotContain(READS);

    assertThat(cluster.states()).as("preprocess alone has come").hasSize(before + 2);
    assertThat(prepared("there")).isEqualTo(prepared("here"));
  }

  @Test
  void aPlanThatIsInterruptedCancelsItsJob() throws Exception {
    Path image = Fixtures.write(folder.resolve("images/cat/0.png"), new byte[64 << 20]);
    Files.createDirectories(folder.resolve("images/dog"));
    for (int i = 1; i < 1_000; i++) { // 64 GB to be read
      Files.createLink(
          folder.resolve("images/" + (i % 2 == 0 ? "cat/" : "dog/") + i + ".png"), image);
    }
    TimeUnit.MILLISECONDS.sleep(2_100);
    int before = cluster.states().size();

    try (SimsiamProcess plan = program("run", "ended", onCluster("--only=preprocess"))) {
      plan.await(() -> cluster.states().contains("RUNNING"));
      plan.terminate();

      assertThat(plan.exitCode()).as(plan.output()).isEqualTo(130);
      assertThat(plan.output())
          .contains("cancelling the pipeline ", "interrupted while planning", "continue with: ")
          .doesNotContain("error:", "Cannot");
    }
    assertThat(cluster.states()).hasSize(before + 1).contains("CANCELED");
    assertThat(folder.resolve("ended/stages")).doesNotExist();
  }
}
