package simsiam.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.Rest;

/** A workspace whose database MLflow 2.22.5 wrote, taken over by the server of this version. */
class UpgradeTest {
  private static final Environment ENVIRONMENT = Environment.ofUser(System.getenv());
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String OLD = "0584bdc529eb";
  private static final String RUN = "68804ba2352642a897515b23e00c6b67";
  private static final String PARENT = "71a8d3ab818a412990c9f7184552a2f4";

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    try {
      ENVIRONMENT.ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
  }

  private Path database() {
    return folder.resolve("mlflow.db");
  }

  private Path kept() {
    return folder.resolve("mlflow-before-3.18.0.db");
  }

  private ManagedServer server() throws IOException {
    try (java.net.ServerSocket free = new java.net.ServerSocket(0)) {
      return new ManagedServer(folder, ENVIRONMENT, "127.0.0.1", free.getLocalPort());
    }
  }

  private void sql(String statements) throws Exception {
    Path file = Files.writeString(folder.resolve("statements.sql"), statements);
    String script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); ";
    python(script + "c.executescript(open(sys.argv[2]).read()); c.close()", database(), file);
    Files.delete(file);
  }

  /** A hash of all that a database holds. */
  private static String content(Path database) throws Exception {
    String script = "import hashlib, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); ";
    return python(
        script + "print(hashlib.sha256(''.join(c.iterdump()).encode()).hexdigest())", database);
  }

  private static String revision(Path database) throws Exception {
    String script = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); ";
    return python(
        script + "print(c.execute('select version_num from alembic_version').fetchone()[0])",
        database);
  }

  private static String python(String script, Path... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(ENVIRONMENT.python() + "", "-c", script));
    List.of(arguments).forEach(argument -> command.add(argument.toString()));
    Shell.Result result = Shell.run(command, SOON);
    assertThat(result.code()).as(result.output()).isZero();
    return result.output().strip();
  }

  private void makeOldDatabase() throws Exception {
    try (InputStream in = UpgradeTest.class.getResourceAsStream("mlflow-2.22.5.sql")) {
      sql(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
    }
    Path weights = folder.resolve("artifacts/1/" + RUN + "/artifacts/encoder/encoder.safetensors");
    Files.createDirectories(weights.getParent());
    Files.writeString(weights, "w".repeat(64));
    assertThat(revision(database())).isEqualTo(OLD);
  }

  @Test
  void allThatAnOlderMlflowWroteIsThereAfterAnInterruptedAndAWholeUpgrade() throws Exception {
    makeOldDatabase();
    byte[] bytes = Files.readAllBytes(database());
    String old = content(database());
    interruptOneStart();
    assertThat(database()).hasBinaryContent(bytes);
    assertThat(content(kept())).isEqualTo(old);

    List<String> said = new ArrayList<>();
    ManagedServer server = server();
    Rest rest = new Rest(server.start(said::add), SOON);
    try {
      assertThat(said)
          .containsExactly(
              "Upgrading the MLflow database to 3.18.0; the old one is kept as " + kept(),
              "Starting MLflow; the first time in a workspace it takes a while");
      checkRuns(rest);
      checkModel(rest);
    } finally {
      server.stop();
    }
    assertThat(content(kept())).isEqualTo(old);
    assertThat(revision(database())).isEqualTo(Environment.SCHEMA);
    assertThat(folder.resolve("mlflow-upgrading.db")).doesNotExist();

    Files.delete(folder.resolve("server.json")); // what tells the version is the database itself
    new Upgrade(new ServerFiles(folder), ENVIRONMENT).ifNeeded(said::add);
    assertThat(said).hasSize(2);
    assertThat(revision(kept())).isEqualTo(OLD);
  }

  /** Starts the server, and gives up while the copy is being upgraded. */
  private void interruptOneStart() throws Exception {
    AtomicReference<Throwable> ended = new AtomicReference<>();
    ManagedServer server = server();
    Thread start =
        new Thread(
            () -> {
              try {
                server.start(new CopyOnWriteArrayList<>()::add);
              } catch (IOException | InterruptedException e) {
                ended.set(e);
              }
            });
    start.start();
    Path aside = folder.resolve("mlflow-upgrading.db");
    while (start.isAlive() && !(Files.exists(kept()) && Files.exists(aside))) {
      Thread.sleep(5);
    }
    Thread.sleep(300);
    start.interrupt();
    start.join();
    assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    assertThat(server.status()).isEmpty();
    Files.writeString(aside, "left by a process that was killed");
  }

  private static void checkRuns(Rest rest) throws Exception {
    JsonNode run = rest.get("2.0/mlflow/runs/get?run_id=" + RUN).path("run");
    assertThat(run.at("/info/status").asText()).isEqualTo("FINISHED");
    assertThat(run.at("/info/run_name").asText()).isEqualTo("pretrain");
    assertThat(run.at("/data/params").toString())
        .isEqualTo("[{\"key\":\"train.base_lr\",\"value\":\"0.03\"}]");
    assertThat(run.at("/data/tags").toString())
        .contains("{\"key\":\"mlflow.parentRunId\",\"value\":\"" + PARENT + "\"}")
        .contains("{\"key\":\"mlflow.note.content\",\"value\":\"# what was run\"}");
    assertThat(run.at("/inputs/dataset_inputs/0/dataset/digest").asText()).isEqualTo("0123abcd");
    JsonNode points =
        rest.get("2.0/mlflow/metrics/get-history?metric_key=epoch/loss&run_id=" + RUN)
            .path("metrics");
    assertThat(points).hasSize(20);
    for (JsonNode point : points) {
      int step = point.path("step").asInt();
      assertThat(point.path("value").asDouble()).isEqualTo(-step / 20.0);
      assertThat(point.path("timestamp").asLong()).isEqualTo(1_700_000_000_000L + step);
    }
    assertThat(
            rest.get("2.0/mlflow/metrics/get-history?metric_key=odd&run_id=" + RUN)
                .at("/metrics/0/value")
                .asText())
        .isEqualTo("NaN");
    assertThat(rest.get("2.0/mlflow/artifacts/list?path=encoder&run_id=" + RUN).toString())
        .contains("\"path\":\"encoder/encoder.safetensors\"", "\"file_size\":64");
  }

  private static void checkModel(Rest rest) throws Exception {
    JsonNode version =
        rest.get("2.0/mlflow/registered-models/alias?name=encoder&alias=newest")
            .path("model_version");
    assertThat(version.path("version").asText()).isEqualTo("1");
    assertThat(version.path("run_id").asText()).isEqualTo(RUN);
    assertThat(version.path("status").asText()).isEqualTo("READY");
  }

  @Test
  void aFailedUpgradeLeavesTheOldDatabaseAsItWas() throws Exception {
    makeOldDatabase();
    sql("DROP TABLE inputs;"); // which a later revision alters
    byte[] old = Files.readAllBytes(database());
    assertThatThrownBy(() -> server().start(new ArrayList<>()::add))
        .isInstanceOf(NoServerException.class)
        .hasMessageStartingWith(
            "Cannot upgrade the MLflow database: expected one of an older MLflow, got: ")
        .hasMessageContaining("no such table: inputs")
        .hasMessageContaining("(left as it was: " + database() + "; the command was: ");
    assertThat(database()).hasBinaryContent(old);
    assertThat(folder.resolve("mlflow-upgrading.db")).doesNotExist();
  }

  @Test
  void aDatabaseOfALaterMlflowIsLeftAlone() throws Exception {
    makeOldDatabase();
    sql("UPDATE alembic_version SET version_num = 'ffff00001111';");
    byte[] later = Files.readAllBytes(database());
    assertThatThrownBy(() -> server().start(new ArrayList<>()::add))
        .isInstanceOf(NoServerException.class)
        .hasMessageContaining("ffff00001111");
    assertThat(database()).hasBinaryContent(later);
  }
}
