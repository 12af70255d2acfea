package simsiam.pipelines.tracking;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A server that a user looks after: up until the waiting thread is interrupted. What this has
 * started it stops then; a server that ran before goes on running.
 */
public final class Foreground {
  private final ServerControl server;
  private final Consumer<String> lines;
  private final Duration poll;

  /**
   * @param lines takes what the user should see
   * @param poll time between looks at whether the server is still there
   */
  public Foreground(ServerControl server, Consumer<String> lines, Duration poll) {
    this.server = server;
    this.lines = lines;
    this.poll = poll;
  }

  /** What is done once the server answers. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Serves until interrupted.
   *
   * @throws InterruptedException always, unless something fails
   * @throws IOException if there is no server or it goes away
   */
  public void serve(Work whenUp) throws IOException, InterruptedException {
    boolean own = server.url().isEmpty();
    try {
      String url = server.start(lines);
      lines.accept("MLflow: " + url);
      whenUp.run();
      lines.accept(
          own
              ? "Ctrl-C stops the server."
              : "Ctrl-C leaves the server running, as it ran before this command.");
      while (server.url().isPresent()) {
        Thread.sleep(poll.toMillis());
      }
      throw new IOException(
          "Cannot serve MLflow any longer: expected a server at " + url + ", got none");
    } finally {
      if (own && server.stop()) {
        lines.accept("Stopped the server.");
      }
    }
  }
}
