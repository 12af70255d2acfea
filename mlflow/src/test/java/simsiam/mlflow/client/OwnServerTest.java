package simsiam.mlflow.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.mlflow.ModelOutput;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.rest.Authority;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.upload.UploadLimits;

/**
 * Servers as their owners start them, in any version: {@code
 * -Dmlflow.pythons=/a/bin/python,/b/bin/python}, each with {@code mlflow[auth]}.
 */
@EnabledIfSystemProperty(named = "mlflow.pythons", matches = ".+")
class OwnServerTest {
  private static final String USER = "ada";
  private static final String PASSWORD = "correct-horse-battery";
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(10), Duration.ofSeconds(1));

  @TempDir Path folder;

  static List<String> pythons() {
    return List.of(System.getProperty("mlflow.pythons", "").split(",", -1));
  }

  private Tracking open(String spool, ServerAddress address) throws Exception {
    return Tracking.open(
        new TrackingSettings(
            folder.resolve(spool),
            TrackingMode.AUTO,
            ServerSource.fixed(address),
            Duration.ofSeconds(1),
            QUICK));
  }

  /** Passwords by {@code basic-auth}, TLS of our own authority and a path prefix, all at once. */
  @ParameterizedTest
  @MethodSource("pythons")
  void allIsSentToAServerWithPasswordsAndTlsBelowAPrefix(String python) throws Exception {
    Certificates certificates = Certificates.in(folder.resolve("keys"));
    Path users =
        Files.writeString(
            folder.resolve("users.ini"),
            """
            [mlflow]
            default_permission = NO_PERMISSIONS
            database_uri = sqlite:///%s
            admin_username = %s
            admin_password = %s
            authorization_function = mlflow.server.auth:authenticate_request_basic_auth
            """
                .formatted(folder.resolve("users.db"), USER, PASSWORD));
    try (OwnServer server =
        OwnServer.start(python, folder.resolve("server"), users, guarded(python, certificates))) {
      String uri = "https://127.0.0.1:" + server.port() + prefix(python);
      Authority authority = new Authority(certificates.authority());
      ServerAddress good =
          ServerAddress.of(uri, new Credentials(USER, PASSWORD, "")).trusting(authority);
      ServerAddress wrong =
          ServerAddress.of(uri, new Credentials(USER, "battery-horse-correct", ""))
              .trusting(authority);
      server.await(good);

      String uid = sendAll(good);
      refuse("wrong", wrong, "access denied; set MLFLOW_TRACKING_USERNAME");
      refuse(
          "unknown",
          ServerAddress.of(uri, new Credentials(USER, PASSWORD, "")),
          "MLFLOW_TRACKING_SERVER_CERT_PATH");
      nowhere(uid, server);
    }
  }

  private List<String> guarded(String python, Certificates certificates) throws Exception {
    List<String> options = new ArrayList<>(List.of("--app-name", "basic-auth"));
    if (!prefix(python).isEmpty()) {
      options.addAll(List.of("--static-prefix", prefix(python)));
    }
    options.addAll(
        hasUvicorn(python)
            ? List.of(
                "--uvicorn-opts",
                "--ssl-keyfile %s --ssl-certfile %s"
                    .formatted(certificates.key(), certificates.certificate()))
            : List.of(
                "--gunicorn-opts",
                "--keyfile %s --certfile %s"
                    .formatted(certificates.key(), certificates.certificate())));
    return options;
  }

  private static boolean hasUvicorn(String python) throws Exception {
    return OwnServer.hasOption(python, "--uvicorn-opts");
  }

  /** Older servers put their pages below the prefix, but not the API. */
  private static String prefix(String python) throws Exception {
    return hasUvicorn(python) ? "/team/mlflow" : "";
  }

  /** Logs some of everything, and compares it with what the server then has. */
  private String sendAll(ServerAddress address) throws Exception {
    Path weights = Files.write(folder.resolve("weights"), new byte[3_000_000]);
    try (Tracking tracking = open("spool", address)) {
      try (TrackedRun run =
          tracking.startRun(
              RunRequest.of("all", "own", "all").withParams(Map.of("train.base_lr", "0.03")))) {
        for (int step = 0; step < 2000; step++) {
          run.metric("step/loss", -1.0 / (step + 1), step);
        }
        run.artifact(weights, "some");
        run.model(
            new ModelOutput(
                "encoder",
                "encoder",
                1,
                Map.of(),
                Map.of(),
                Map.of("encoder.safetensors", weights),
                ModelOutput.Registration.NONE));
        run.modelMetric(new ModelRef("all", "encoder"), "eval/knn_top1", 66.5, 0);
      }
      FlushReport report = tracking.flush(Duration.ofSeconds(60));
      assertThat(report.isComplete()).as("%s", report).isTrue();
      String id = TrackingContractTest.runId(tracking, "all");
      Rest rest = new Rest(address, Duration.ofSeconds(10));
      JsonNode sent = rest.get("2.0/mlflow/runs/get?run_id=" + id).path("run");
      assertThat(sent.at("/info/status").asText()).isEqualTo("FINISHED");
      assertThat(sent.at("/data/params/0/value").asText()).isEqualTo("0.03");
      assertThat(sent.at("/data/metrics").findValuesAsText("value")).contains("66.5");
      assertThat(RealServer.points(address, id, "step/loss")).hasSize(2000);
      assertThat(rest.get("2.0/mlflow/artifacts/list?path=some&run_id=" + id).toString())
          .contains("\"path\":\"some/weights\"", "3000000");
      return tracking.url("all").orElseThrow();
    }
  }

  private void refuse(String spool, ServerAddress address, String reason) throws Exception {
    try (Tracking tracking = open(spool, address)) {
      tracking.startRun(RunRequest.of(spool, "own", spool)).metric("loss", 1, 1);
      FlushReport report = tracking.flush(Duration.ofSeconds(3));
      assertThat(report.trouble()).contains(reason);
      assertThat(report.spooled()).isEqualTo(2);
      assertThat(report.quarantined()).isZero();
    }
  }

  private void nowhere(String said, OwnServer server) throws Exception {
    StringBuilder all = new StringBuilder(said).append(server.log());
    for (Path place : List.of(folder.resolve("spool"), folder.resolve("wrong"), server.folder())) {
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          all.append(new String(Files.readAllBytes(file), ISO_8859_1));
        }
      }
    }
    String basic = Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
    assertThat(all).contains("step/loss"); // looked in the right places
    assertThat(Stream.of(PASSWORD, basic).filter(s -> all.indexOf(s) >= 0)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pythons")
  void aHostNameThatTheServerDoesNotAllowIsSaidWithTheOptionToSet(String python) throws Exception {
    Assumptions.assumeTrue(OwnServer.hasOption(python, "--allowed-hosts"), "MLflow before 3.5");
    try (OwnServer server =
        OwnServer.start(
            python, folder.resolve("server"), null, List.of("--allowed-hosts", "mlflow.example"))) {
      ServerAddress address =
          ServerAddress.of("http://127.0.0.1:" + server.port(), Credentials.NONE);
      server.await(address);
      refuse(
          "host",
          address,
          "the server does not accept the host name 127.0.0.1; start it with --allowed-hosts"
              + " 127.0.0.1:"
              + server.port());
    }
  }
}
