package simsiam.pipelines.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.server.ManagedServer;
import simsiam.pipelines.tracking.TrackingServer;

/**
 * A real MLflow server that things happen to, on a core of its own as if it were another machine.
 */
final class FailingServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FailingServer.class);
  private static final String HERE = "127.0.0.1";

  /** What is the matter with it. */
  enum State {
    HUNG("hung"),
    KILLED("killed"),
    BACK("back, taking what waited"),
    WELL("well");

    private final String title;

    State(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private final ManagedServer server;
  private final Cores cores;
  private volatile ServerAddress address;

  FailingServer(Path folder, Cores cores) throws IOException, InterruptedException {
    this.cores = cores;
    server =
        new TrackingServer(folder, TrackingServer.MANAGED, System.getenv())
            .managed(HERE, ManagedServer.PORT);
    start();
  }

  /** Where it is, or was before it was killed. */
  ServerAddress address() {
    return address;
  }

  /** Brings it into a state, from the one before in the order of the states. */
  void become(State state) throws IOException, InterruptedException {
    switch (state) {
      case HUNG -> signal("STOP");
      case KILLED -> signal("KILL");
      case BACK -> start();
      case WELL -> {}
    }
  }

  private void start() throws IOException, InterruptedException {
    address = server.start(LOG::info);
    cores.toLast(server.processes());
  }

  private void signal(String name) throws IOException, InterruptedException {
    List<ProcessHandle> processes = server.processes();
    for (ProcessHandle process : processes) {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      signal("CONT");
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
