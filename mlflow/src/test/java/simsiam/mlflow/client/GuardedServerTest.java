package simsiam.mlflow.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.Authority;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.upload.UploadLimits;

/**
 * The real server behind TLS of our own, a path prefix and a password. Alone, as it listens to all
 * that is logged.
 */
@Isolated
class GuardedServerTest {
  private static final String USER = "ada";
  private static final String PASSWORD = "correct-horse-battery";
  private static final String TOKEN = "token-of-great-secrecy";
  private static final UploadLimits QUICK =
      new UploadLimits(Duration.ofSeconds(10), Duration.ofMillis(200));

  private static Certificates certificates;

  @TempDir Path folder;
  private final RealServer server = RealServer.get();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private Level level;

  @BeforeAll
  static void makeCertificates(@TempDir Path keys) throws Exception {
    certificates = Certificates.in(keys);
  }

  @BeforeEach
  void listen() {
    level = root.getLevel();
    root.setLevel(Level.TRACE);
    said.start();
    root.addAppender(said);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(said);
    root.setLevel(level);
  }

  private static String basic() {
    return Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(UTF_8));
  }

  private Tracking open(ServerAddress address) throws Exception {
    return Tracking.open(
        new TrackingSettings(
            folder.resolve("spool"),
            TrackingMode.AUTO,
            ServerSource.fixed(address),
            Duration.ofSeconds(1),
            QUICK));
  }

  private static ServerAddress address(GuardedServer guard, Map<String, String> environment) {
    return ServerAddress.of(guard.uri(), Credentials.from(environment))
        .trusting(new Authority(certificates.authority()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "token"})
  void allIsSentThroughItAndTheSecretStaysSecret(String kind) throws Exception {
    boolean token = kind.equals("token");
    Map<String, String> environment =
        token
            ? Map.of("MLFLOW_TRACKING_TOKEN", TOKEN)
            : Map.of("MLFLOW_TRACKING_USERNAME", USER, "MLFLOW_TRACKING_PASSWORD", PASSWORD);
    String expected = token ? "Bearer " + TOKEN : "Basic " + basic();
    Path file = Files.write(folder.resolve("weights"), new byte[50_000]);
    try (FaultProxy network = new FaultProxy(server.address());
        GuardedServer guard =
            new GuardedServer(network.address(), certificates.server(), expected)) {
      ServerAddress address = address(guard, environment);
      try (Tracking tracking = open(address)) {
        TrackedRun run = tracking.startRun(RunRequest.of(kind, "guarded", kind));
        long step = 0;
        for (FaultProxy.Mode mode :
            List.of(FaultProxy.Mode.PASS, FaultProxy.Mode.REFUSE, FaultProxy.Mode.CUT_ANSWER)) {
          network.mode(mode);
          run.metric("loss", 0.5, step);
          run.metric("bad//name", 1, step);
          step++;
          tracking.flush(Duration.ofMillis(300));
        }
        network.mode(FaultProxy.Mode.PASS);
        run.artifact(file, "model");
        run.close();
        FlushReport report = tracking.flush(Duration.ofSeconds(30));
        assertThat(report.spooled()).as("%s", report).isZero();
        assertThat(report.quarantined()).isEqualTo(3);
        String id = TrackingContractTest.runId(tracking, kind);
        assertThat(server.history(id, "loss")).hasSize(3);
        nowhere(report + " " + address + " " + tracking.url(kind));
      }
    }
  }

  @Test
  void anUnknownAuthorityIsSaidAndNothingIsSent() throws Exception {
    try (GuardedServer guard =
            new GuardedServer(server.address(), certificates.server(), "Bearer " + TOKEN);
        Tracking tracking = open(ServerAddress.of(guard.uri(), new Credentials("", "", TOKEN)))) {
      tracking.startRun(RunRequest.of("unknown", "guarded", "n")).metric("loss", 1, 1);
      FlushReport report = tracking.flush(Duration.ofSeconds(2));
      assertThat(report.sent()).isZero();
      assertThat(report.trouble())
          .contains("certificate")
          .contains("MLFLOW_TRACKING_SERVER_CERT_PATH");
    }
  }

  @Test
  void aWrongPasswordIsSaidAndNothingIsGivenUp() throws Exception {
    try (GuardedServer guard =
            new GuardedServer(server.address(), certificates.server(), "Basic " + basic());
        Tracking tracking =
            open(
                address(
                    guard,
                    Map.of("MLFLOW_TRACKING_USERNAME", USER, "MLFLOW_TRACKING_PASSWORD", TOKEN)))) {
      tracking.startRun(RunRequest.of("wrong", "guarded", "n")).metric("loss", 1, 1);
      FlushReport report = tracking.flush(Duration.ofSeconds(2));
      assertThat(report.spooled()).isEqualTo(2);
      assertThat(report.quarantined()).isZero();
      assertThat(report.trouble())
          .contains("access denied; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD");
      nowhere(report.toString());
    }
  }

  /** Looks for the secrets in everything that was written, here and at the server. */
  private void nowhere(String more) throws Exception {
    StringBuilder all = new StringBuilder(more);
    said.list.forEach(event -> all.append(event.getFormattedMessage()));
    for (Path place : List.of(folder.resolve("spool"), server.folder())) {
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          all.append(new String(Files.readAllBytes(file), ISO_8859_1));
        }
      }
    }
    assertThat(all).contains("guarded"); // looked in the right places
    assertThat(Stream.of(PASSWORD, TOKEN, basic()).filter(s -> all.indexOf(s) >= 0)).isEmpty();
  }
}
