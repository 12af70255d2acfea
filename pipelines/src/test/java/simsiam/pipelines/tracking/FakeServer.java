package simsiam.pipelines.tracking;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A server that is nothing but a switch. */
public final class FakeServer implements ServerControl {
  /** Opened when the server has been asked often enough whether it runs. */
  public final CountDownLatch watched = new CountDownLatch(3);

  /** What starting it fails with. */
  public Optional<IOException> broken = Optional.empty();

  private volatile boolean running;
  private String url = "http://127.0.0.1:5000";

  /** The server, told where to listen. */
  public FakeServer at(String host, int port) {
    url = "http://" + host + ":" + port;
    return this;
  }

  public boolean isRunning() {
    return running;
  }

  /** Switches it by another hand than the user's. */
  public void running(boolean now) {
    running = now;
  }

  @Override
  public Optional<String> url() {
    watched.countDown();
    return running ? Optional.of(url) : Optional.empty();
  }

  @Override
  public String start(Consumer<String> notes) throws IOException {
    if (broken.isPresent()) {
      throw broken.get();
    }
    if (!running) {
      notes.accept("Installing");
    }
    running = true;
    return url;
  }

  @Override
  public boolean stop() {
    boolean ran = running;
    running = false;
    return ran;
  }
}
