package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineTest {
  @Test
  void whatIsLeftOfASignalsThirtySecondsIsSharedNotGrantedToEach() {
    Deadline all = Deadline.ofSignal();
    Deadline stage = all.before(Duration.ofSeconds(5));

    assertThat(all.remaining()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(29));
    assertThat(Duration.ofNanos(all.nanoTime() - stage.nanoTime()))
        .isEqualTo(Duration.ofSeconds(5));
    assertThat(Deadline.in(Duration.ofSeconds(-1)).remaining()).isZero();
  }
}
