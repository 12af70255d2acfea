package simsiam.pipelines.bench.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.server.Environment;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;

/** The benchmarks that need a real MLflow server, at a small size. */
class TrackingBenchesTest {
  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    try {
      Environment.ofUser(System.getenv()).ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
  }

  private RunConfig config() {
    return new ConfigLoader(Optional.empty())
        .load(
            Path.of("..", "conf", "cifar10-small.yaml"),
            List.of(
                "workspace=" + folder,
                "train.batch_size=4",
                "augment.crop_size=16",
                "encoder.width=8"))
        .config();
  }

  @Test
  void outagesLoseNoEntryAndLeaveNothingBehind() throws Exception {
    BenchResult result =
        new OutageBench(1, Duration.ofMillis(50), Duration.ofMillis(100), 500).run(config());

    assertThat(result.rows())
        .extracting(row -> row.get(0).value())
        .containsExactly("offline again", "well", "back, taking what waited", "hung", "killed");
    for (List<Figure> row : result.rows()) {
      assertThat((double) row.get(3).value())
          .isEqualTo((double) row.get(2).value() / (double) row.get(1).value());
    }
    assertThat(result.notes().get(0))
        .matches("entries journalled ([\\d,]+), of these at the server in the end \\1, refused 0");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void uploadSendsEverythingAndLeavesNothingBehind() throws Exception {
    BenchResult result = new UploadBench(200, 4, 3 << 20).run(config());

    assertThat(result.subject())
        .isEqualTo("Upload: 200 points and 4 files, one of them of 3 MiB, to MLflow");
    assertThat(result.notes().get(0))
        .startsWith("entries sent 106, waiting 0, refused 0, lost 0; heap after a collection, ");
    Map<String, Object> figures = new java.util.HashMap<>();
    result.rows().get(0).forEach(figure -> figures.put(figure.name(), figure.value()));
    assertThat((double) figures.get("seconds")).isGreaterThan((double) figures.get("log_seconds"));
    assertThat((double) figures.get("heap_sending_mebibytes")).isPositive();
    assertThat(folder).isEmptyDirectory();
  }
}
