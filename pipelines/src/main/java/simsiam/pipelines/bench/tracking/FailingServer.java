package simsiam.pipelines.bench.tracking;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.server.ManagedServer;
import simsiam.pipelines.bench.measure.Cores;
import simsiam.pipelines.bench.measure.LastAct;
import simsiam.pipelines.tracking.TrackingServer;

/**
 * A real MLflow server that things happen to, on a core of its own as if it were another machine.
 */
final class FailingServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FailingServer.class);
  private static final String HERE = "127.0.0.1";

  private final ManagedServer server;
  private final Cores cores;
  private final LastAct end = new LastAct(this::stop);
  private volatile ServerAddress address;

  FailingServer(Path folder, Cores cores) throws IOException, InterruptedException {
    this.cores = cores;
    server =
        new TrackingServer(folder, TrackingServer.MANAGED, System.getenv())
            .managed(HERE, ManagedServer.PORT);
    boolean started = false;
    try {
      start();
      started = true;
    } finally {
      if (!started) {
        close(); // nobody else will
      }
    }
  }

  /** Where it is, or was before it was killed. */
  ServerAddress address() {
    return address;
  }

  /** Starts it, if it does not run. */
  void start() throws IOException, InterruptedException {
    address = server.start(LOG::info);
    cores.toLast(server.processes());
  }

  /** Leaves it with its port, and without a word. */
  void hang() throws IOException, InterruptedException {
    signal("STOP");
  }

  void kill() throws IOException, InterruptedException {
    signal("KILL");
  }

  private void signal(String name) throws IOException, InterruptedException {
    for (ProcessHandle process : server.processes()) {
      int code =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (code != 0 && process.isAlive()) {
        throw new IOException(
            "Cannot signal MLflow: expected kill -%s %s to end with 0, got %s"
                .formatted(name, process.pid(), code));
      }
    }
  }

  private void stop() throws IOException, InterruptedException {
    signal("CONT"); // a stopped process cannot end
    server.stop();
  }

  @Override
  public void close() throws IOException {
    end.close();
  }
}
