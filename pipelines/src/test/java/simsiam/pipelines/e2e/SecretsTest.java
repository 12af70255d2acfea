package simsiam.pipelines.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/** Secrets given in every way: none is shown, stored or sent. */
class SecretsTest {
  /** Each secret begins so, and goes on with a number. */
  private static final String SECRET = "hushhush";

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MLFLOW_TRACKING_USERNAME", "me",
          "MLFLOW_TRACKING_PASSWORD", SECRET + "1",
          "MLFLOW_TRACKING_TOKEN", SECRET + "2",
          "AWS_SECRET_ACCESS_KEY", SECRET + "3",
          "MLFLOW_TRACKING_URI", "");
  private static final String AGENT =
      "--userAgent=http://me:%s4@host/?token=%s5&x=1 password=%s6 %s1".replace("%s", SECRET);

  @TempDir Path folder;

  private SimsiamProcess start(TinyStudy study, List<String> beam, String... more)
      throws IOException {
    List<String> arguments = new ArrayList<>(List.of(study.arguments("run", "secret", more)));
    arguments.add("--");
    arguments.addAll(beam);
    return SimsiamProcess.start(
        folder, ENVIRONMENT, SimsiamProcess.command(List.of(), arguments.toArray(String[]::new)));
  }

  @Test
  void aRunLeavesThemNowhere() throws Exception {
    try {
      Environment.ofUser(System.getenv()).ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
    TinyStudy study = TinyStudy.in(folder);
    ManagedServer server = ManagedServer.in(study.at("secret").resolve("mlflow"));
    try (SimsiamProcess run =
            start(study, List.of(AGENT), "tracking.mode=required", "--to", "shard");
        SimsiamProcess failed = failing(study, run)) {
      assertThat(failed.exitCode()).as(failed.output()).isEqualTo(3);
      assertThat(failed.output()).contains("continue with: ", "# a secret is left out: type it");
    } finally {
      server.stop();
    }
    List<String> written = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), ISO_8859_1);
        assertThat(content).as("%s", file).doesNotContain(SECRET);
        written.add(content);
      }
    }
    // The places that had them, or could have, were looked at.
    for (String place :
        List.of(
            "\"command\" : \"./simsiam run ", // invocation.json
            "arguments=[--userAgent=http://***@host/?token=***", // run.log
            "  experiment: 'simsiam'", // config.yaml
            "\"params\":{", // the journal
            "SQLite format 3")) {
      assertThat(written).as(place).anyMatch(content -> content.contains(place));
    }
  }

  /** Starts, once the first run is done, one whose training fails. */
  private SimsiamProcess failing(TinyStudy study, SimsiamProcess first) throws Exception {
    assertThat(first.exitCode()).as(first.output()).isZero();
    return start(
        study,
        List.of(AGENT),
        "tracking.mode=required",
        "train.base_lr=1e30",
        "train.epochs=1",
        "--to",
        "pretrain");
  }
}
