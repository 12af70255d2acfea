package simsiam.mlflow.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.mlflow.api.proto.Service.GetMetricHistory;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.tracking.MlflowClient;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;
import simsiam.mlflow.server.OlderMlflow;

/**
 * A real MLflow server, started once for all tests that ask for it and stopped with the JVM. Where
 * it cannot be installed (no Python, no PyPI) those tests are skipped, and say why.
 */
final class RealServer {

  /** The versions that are tested against. */
  enum Version {
    /** The one that {@link ManagedServer} starts. */
    CURRENT {
      @Override
      RealServer start(Path folder) throws IOException, InterruptedException {
        ManagedServer server =
            new ManagedServer(folder, Environment.ofUser(System.getenv()), "127.0.0.1", freePort());
        return new RealServer(folder, server.start(System.err::println), server::stop);
      }
    },
    /** The last MLflow 2. */
    OLDER {
      @Override
      RealServer start(Path folder) throws IOException, InterruptedException {
        OwnServer server =
            OwnServer.start(OlderMlflow.python().toString(), folder, null, List.of());
        ServerAddress address =
            ServerAddress.of("http://127.0.0.1:" + server.port(), Credentials.NONE);
        server.await(address);
        return new RealServer(folder, address, server::close);
      }
    };

    abstract RealServer start(Path folder) throws IOException, InterruptedException;

    RealServer server() {
      return of(this);
    }
  }

  private static final Map<Version, RealServer> RUNNING = new EnumMap<>(Version.class);

  private final ServerAddress address;
  private final Path folder;
  private final Closing process;

  private RealServer(Path folder, ServerAddress address, Closing process) {
    this.folder = folder;
    this.address = address;
    this.process = process;
  }

  private interface Closing {
    void run() throws IOException, InterruptedException;
  }

  /** That of the current version. */
  static RealServer get() {
    return of(Version.CURRENT);
  }

  private static synchronized RealServer of(Version version) {
    if (!RUNNING.containsKey(version)) {
      try {
        RealServer server = version.start(Files.createTempDirectory("mlflow server "));
        RUNNING.put(version, server);
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
      } catch (NoServerException e) {
        Assumptions.abort("No MLflow server for this test: " + e.getMessage());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return RUNNING.get(version);
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
      process.run();
      delete(folder);
    } catch (IOException | InterruptedException e) {
      System.err.println("Cannot stop the test server: " + e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> below = Files.walk(folder)) {
      for (Path path : below.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
