package simsiam.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.tracking.Outbox;
import simsiam.pipelines.tracking.Shipment;

class ServiceCommandsTest {
  private static final String BASE = Path.of("..", "conf", "base.yaml").toString();

  @TempDir private Path folder;
  private final FakeServices services = new FakeServices();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int program(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Output output = PlainWords.output(out, err, false);
    return new Program(services, output).run(args);
  }

  private int sync(String... options) {
    List<String> args = new ArrayList<>(List.of("sync", "--workspace", "" + folder));
    args.addAll(List.of(options));
    return program(args.toArray(String[]::new));
  }

  @Test
  void mlflowStartsShowsAndStopsAServerThatStays() {
    String runs = folder.toString();

    assertThat(program("mlflow", "status", "--workspace", runs)).isZero();
    assertThat(out).hasToString("MLflow is not running.\n");
    assertThat(program("mlflow", "start", "--port", "5050", "--workspace", runs)).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "Installing",
            "MLflow: http://127.0.0.1:5050",
            "Installing",
            "Sent 1,200 entries to http://127.0.0.1:5000 (2 runs)");
    assertThat(services.server.isRunning()).isTrue();
    assertThat(program("mlflow", "--port", "5050", "--workspace", runs, "status")).isZero();
    assertThat(out).hasToString("MLflow: http://127.0.0.1:5050\n");
    assertThat(program("mlflow", "stop", "--workspace", runs)).isZero();
    assertThat(out).hasToString("Stopped MLflow.\n");
    assertThat(program("mlflow", "stop", "--workspace", runs)).isZero();
    assertThat(out).hasToString("MLflow is not running.\n");
  }

  @Test
  void aServerThatCannotBeHadIsAFailureThatSaysWhy() {
    services.server.broken = Optional.of(new IOException("Cannot install MLflow: no Python"));

    assertThat(program("mlflow", "start", "--workspace", folder.toString())).isEqualTo(3);
    assertThat(err).hasToString("error: Cannot install MLflow: no Python\n");
    assertThat(program("mlflow", "--workspace", folder.toString())).isEqualTo(3);
    assertThat(program("mlflow", "stat", "--workspace", folder.toString())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("error: Cannot stat MLflow: expected one of start, stop, status, or no word");
  }

  @Test
  void syncSaysWhatItSentAndFailsIfSomethingWaits() {
    assertThat(sync()).isZero();
    assertThat(out.toString().lines())
        .containsExactly("Installing", "Sent 1,200 entries to http://127.0.0.1:5000 (2 runs)");
    assertThat(services.calls).containsExactly("outbox managed");

    services.outbox.shipment =
        new Shipment("http://h:1", 1, 3, 9, 0, 0, List.of(), "connection refused");
    assertThat(sync("--uri", "http://h:1")).isEqualTo(3);
    assertThat(out.toString())
        .endsWith("Sent 3 entries to http://h:1 (1 run); 9 wait: connection refused\n");
    assertThat(services.calls).contains("outbox http://h:1");
  }

  @Test
  void syncAsJsonIsNothingButJson() throws Exception {
    assertThat(sync("--json")).isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("sent").asLong()).isEqualTo(1200);
    assertThat(json.get("waiting").asLong()).isZero();
    assertThat(json.get("server").asText()).isEqualTo("http://127.0.0.1:5000");
    assertThat(err).hasToString("Installing\n");
  }

  @Test
  void syncStatusListsTheRunsAndSendsNothing() {
    services.outbox.rows =
        List.of(
            new Outbox.Row("run-1", 100, 20, 1, 0, ""), new Outbox.Row("run-22", 7, 0, 0, 0, ""));

    assertThat(sync("--status")).isZero();

    assertThat(out)
        .hasToString(
            """
            run     entries  waiting  refused
            run-1   100      20       1
            run-22  7        0        0
            """);
    assertThat(sync("--status", "--watch")).isEqualTo(2);
    assertThat(err).hasToString("error: Cannot sync: expected --watch or --status, got both\n");
  }

  @Test
  void syncWatchShowsEachStateOnceAndEndsAsInterrupted() {
    assertThat(sync("--watch")).isEqualTo(130);

    assertThat(out).hasToString("Sent 1,200 entries to http://127.0.0.1:5000 (2 runs)\n");
  }

  @Test
  void benchPrintsATableForPeople() {
    assertThat(program("bench", "loader", BASE, "name=mine")).isZero();

    assertThat(out.toString().lines().limit(6))
        .startsWith("loader of mine", "", "views/s", "1,234", "", "a note");
    assertThat(out.toString()).contains("load average before: ");
  }

  @Test
  void benchPrintsJsonWithTheMachine() throws Exception {
    assertThat(program("bench", "knn", BASE, "--json")).isZero();

    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.get("benchmark").asText()).isEqualTo("knn");
    assertThat(json.get("results").get(0).get("views_per_second").asDouble()).isEqualTo(1234.5);
    JsonNode machine = json.get("machine");
    assertThat(machine.get("cores").asInt()).isPositive();
    assertThat(machine.get("cpu").asText()).isNotBlank();
    assertThat(machine.get("load_average_before").isNumber()).isTrue();
    assertThat(machine.get("versions").get("java").asText()).isNotBlank();
  }

  @Test
  void benchOfSomethingUnknownNamesWhatThereIs() {
    assertThat(program("bench", "loadr")).isEqualTo(2);

    assertThat(err)
        .hasToString(
            "error: Cannot measure loadr: expected one of train-step, gpu, endurance, loader, knn,"
                + " evaluation, preprocess, tracking, tracking-outages, tracking-upload;"
                + " did you mean loader?\n");
  }
}
