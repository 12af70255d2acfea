package simsiam.mlflow.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.mlflow.rest.UnavailableException;

class BackoffTest {
  private final IOException trouble = new IOException("connection refused");

  private static Backoff backoff(long seed) {
    return new Backoff(Duration.ofSeconds(30), new Random(seed));
  }

  @Test
  void pausesDoubleUpToTheLimitAndAreShortenedByUpToAHalf() {
    for (int seed = 0; seed < 50; seed++) {
      Backoff backoff = backoff(seed);
      for (long full : new long[] {500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000}) {
        assertThat(backoff.failed(trouble).toMillis()).isBetween(full / 2, full);
      }
    }
  }

  @Test
  void clientsThatFailTogetherDoNotComeBackTogether() {
    assertThat(IntStream.range(0, 100).mapToObj(seed -> backoff(seed).failed(trouble)).distinct())
        .hasSizeGreaterThan(50);
  }

  @Test
  void theCircuitIsOpenFromAFailureToASuccessAndThenThePausesStartAgain() {
    Backoff backoff = backoff(1);
    assertThat(backoff.isOpen()).isFalse();
    for (int i = 0; i < 5; i++) {
      backoff.failed(trouble);
      assertThat(backoff.isOpen()).isTrue();
    }
    backoff.succeeded();
    assertThat(backoff.isOpen()).isFalse();
    assertThat(backoff.failed(trouble).toMillis()).isLessThanOrEqualTo(500);
  }

  @Test
  void aServerThatAsksForTimeGetsItWithinReason() {
    IOException busy = new UnavailableException("HTTP 429", 429, Duration.ofSeconds(20));
    IOException absurd = new UnavailableException("HTTP 503", 503, Duration.ofHours(5));
    assertThat(backoff(1).failed(busy)).isEqualTo(Duration.ofSeconds(20));
    assertThat(backoff(1).failed(absurd)).isEqualTo(Duration.ofSeconds(60));
  }
}
