package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/** What can be said of a workspace's tracking server without starting anything. */
public record TrackerStatus(TrackingServer server) {
  /** The server and what waits for it, in a line. */
  public String describe() {
    try {
      return (server.isManaged() ? managed() : server.address() + " (MLFLOW_TRACKING_URI)")
          + "; "
          + backlog();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while looking for MLflow", e);
    }
  }

  private String managed() throws IOException, InterruptedException {
    Environment environment = Environment.ofUser(server.environment());
    String version = "MLflow " + Environment.VERSION;
    if (!environment.isReady()) {
      return environment
          .obstacle()
          .map(obstacle -> version + " not installed: " + obstacle)
          .orElse(version + " not installed (the first run or `simsiam mlflow` installs it)");
    }
    Optional<String> url =
        new ManagedControl(server.managed("127.0.0.1", ManagedServer.PORT)).url();
    return version
        + " in "
        + environment.folder()
        + url.map(running -> ", running at " + running).orElse(", not running");
  }

  private String backlog() throws IOException {
    List<Outbox.Row> rows = new SpoolOutbox(server, Duration.ZERO).status();
    long entries = rows.stream().mapToLong(Outbox.Row::entries).sum();
    long waiting = rows.stream().mapToLong(Outbox.Row::waiting).sum();
    long refused = rows.stream().mapToLong(Outbox.Row::refused).sum();
    long blocked = rows.stream().filter(row -> !row.trouble().isEmpty()).count();
    return rows.isEmpty()
        ? "nothing spooled"
        : String.format(
            Locale.ROOT,
            "%,d of %,d entries of %s wait%s%s",
            waiting,
            entries,
            rows.size() == 1 ? "1 run" : rows.size() + " runs",
            refused == 0 ? "" : ", " + refused + " refused",
            blocked == 0 ? "" : ", runs that cannot be sent: " + blocked);
  }
}
