package simsiam.mlflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.mlflow.api.proto.Service.GetMetricHistory;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/**
 * The real MLflow server, started once for all tests that ask for it and stopped with the JVM.
 * Where it cannot be installed (no Python, no PyPI) those tests are skipped, and say why.
 */
final class RealServer {
  private static RealServer instance;

  private final ManagedServer server;
  private final ServerAddress address;
  private final Path folder;

  private RealServer(Path folder, ManagedServer server, ServerAddress address) {
    this.folder = folder;
    this.server = server;
    this.address = address;
  }

  static synchronized RealServer get() {
    if (instance == null) {
      try {
        Path folder = Files.createTempDirectory("mlflow server ");
        ManagedServer server =
            new ManagedServer(folder, Environment.ofUser(System.getenv()), "127.0.0.1", freePort());
        instance = new RealServer(folder, server, server.start(System.err::println));
        Runtime.getRuntime().addShutdownHook(new Thread(instance::stop));
      } catch (NoServerException e) {
        Assumptions.abort("No MLflow server for this test: " + e.getMessage());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return instance;
  }

  ServerAddress address() {
    return address;
  }

  /** Its database, artifacts and log. */
  Path folder() {
    return folder;
  }

  MlflowClient client() {
    return new MlflowClient(address.uri().toString());
  }

  ManagedServer managed() {
    return server;
  }

  /** All points of a metric at the server, by step; a step seen twice fails. */
  Map<Long, Double> history(String runId, String key) throws Exception {
    return points(address, runId, key).stream()
        .collect(
            Collectors.toMap(
                Metric::getStep,
                Metric::getValue,
                (a, b) -> {
                  throw new AssertionError("two points at one step: " + a + ", " + b);
                },
                TreeMap::new));
  }

  /** All points of a metric at a server. MLflow's client fails beyond the first 25,000. */
  static List<Metric> points(ServerAddress server, String runId, String key) throws Exception {
    Rest rest = new Rest(server, SOON);
    List<Metric> points = new ArrayList<>();
    String more = "";
    do {
      String question =
          "2.0/mlflow/metrics/get-history?max_results=20000&run_id=%s&metric_key=%s&page_token=%s"
              .formatted(runId, encode(key), encode(more));
      GetMetricHistory.Response page =
          Protos.parse(rest.get(question), GetMetricHistory.Response.newBuilder()).build();
      points.addAll(page.getMetricsList());
      more = page.getNextPageToken();
    } while (!more.isEmpty());
    return points;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  static TrackingSettings settings(Path spool, ServerAddress address) {
    return TrackingSettings.of(spool, TrackingMode.AUTO, ServerSource.fixed(address));
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  static final Duration SOON = Duration.ofSeconds(30);

  private void stop() {
    try {
      server.stop();
    } catch (IOException | InterruptedException e) {
      System.err.println("Cannot stop the test server: " + e);
    }
  }
}
