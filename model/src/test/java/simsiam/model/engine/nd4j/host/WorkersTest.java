package simsiam.model.engine.nd4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void runsEveryTaskOnceLoopAfterLoop(int threads) {
    try (Workers workers = new Workers(threads)) {
      for (int loop = 0; loop < 200; loop++) {
        AtomicIntegerArray runs = new AtomicIntegerArray(loop);
        workers.run(loop, (index, scratch) -> runs.incrementAndGet(index));
        for (int i = 0; i < loop; i++) {
          assertThat(runs.get(i)).isEqualTo(1);
        }
      }
    }
  }

  @Test
  void reportsAFailedTaskAndGoesOn() {
    try (Workers workers = new Workers(2)) {
      assertThatIllegalStateException()
          .isThrownBy(
              () ->
                  workers.run(
                      9,
                      (index, scratch) -> {
                        if (index == 7) {
                          throw new ArithmeticException("seven");
                        }
                      }))
          .withMessage("Cannot finish a step: a worker failed")
          .withRootCauseInstanceOf(ArithmeticException.class);
      AtomicIntegerArray runs = new AtomicIntegerArray(4);
      workers.run(4, (index, scratch) -> runs.incrementAndGet(index));
      assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1]");
    }
  }

  @Test
  void givesEachWorkerItsOwnScratch() {
    try (Workers workers = new Workers(3)) {
      workers.run(
          500,
          (index, scratch) -> {
            float[] own = scratch.floats(0, 64);
            own[0] = index;
            Thread.onSpinWait();
            assertThat(own[0]).isEqualTo(index);
          });
    }
  }
}
