package simsiam.pipelines.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastActTest {
  @Test
  void isDoneOnceAndThoughTheThreadIsInterrupted() throws Exception {
    AtomicInteger times = new AtomicInteger();
    LastAct act =
        new LastAct(
            () -> {
              Thread.sleep(1);
              times.incrementAndGet();
            });
    Thread.currentThread().interrupt();
    act.close();
    act.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(times).hasValue(1);
  }

  @Test
  void itsFailureIsTold() {
    LastAct act =
        new LastAct(
            () -> {
              throw new IOException("the server does not end");
            });
    assertThatThrownBy(act::close).hasMessage("the server does not end");
  }
}
