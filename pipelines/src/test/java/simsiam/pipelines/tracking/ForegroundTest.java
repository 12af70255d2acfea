package simsiam.pipelines.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForegroundTest {
  private static final Duration POLL = Duration.ofMillis(1);

  private final FakeServer server = new FakeServer();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private void serve() throws IOException, InterruptedException {
    new Foreground(server, lines::add, POLL).serve(() -> lines.add("sent"));
  }

  /** What Ctrl-C does, once the server is being watched. */
  private void interruptWhenWatched() {
    Thread test = Thread.currentThread();
    Thread user =
        new Thread(
            () -> {
              try {
                server.watched.await();
                test.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    user.setDaemon(true);
    user.start();
  }

  @AfterEach
  void leaveNoInterruptBehind() {
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatItHasStartedItStopsAgain() {
    interruptWhenWatched();

    assertThatThrownBy(this::serve).isInstanceOf(InterruptedException.class);

    assertThat(server.isRunning()).isFalse();
    assertThat(lines)
        .containsExactly(
            "Installing",
            "MLflow: http://127.0.0.1:5000",
            "sent",
            "Ctrl-C stops the server.",
            "Stopped the server.");
  }

  @Test
  void aServerThatRanBeforeIsLeftRunning() {
    server.running(true);
    interruptWhenWatched();

    assertThatThrownBy(this::serve).isInstanceOf(InterruptedException.class);

    assertThat(server.isRunning()).isTrue();
    assertThat(lines)
        .containsExactly(
            "MLflow: http://127.0.0.1:5000",
            "sent",
            "Ctrl-C leaves the server running, as it ran before this command.");
  }

  @Test
  void aServerThatGoesAwayIsAnError() {
    Foreground foreground = new Foreground(server, lines::add, POLL);

    assertThatThrownBy(() -> foreground.serve(() -> server.running(false)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "Cannot serve MLflow any longer: expected a server at http://127.0.0.1:5000, got none");
  }

  @Test
  void whatCannotBeSentDoesNotLeaveTheServerBehind() {
    Foreground foreground = new Foreground(server, lines::add, POLL);

    assertThatThrownBy(
            () ->
                foreground.serve(
                    () -> {
                      throw new IOException("Cannot read the spool");
                    }))
        .hasMessage("Cannot read the spool");
    assertThat(server.isRunning()).isFalse();
  }

  @Test
  void aServerThatCannotStartSaysWhy() {
    server.broken = Optional.of(new IOException("Cannot install MLflow: no Python"));

    assertThatThrownBy(this::serve).hasMessage("Cannot install MLflow: no Python");
    assertThat(lines).isEmpty();
  }
}
