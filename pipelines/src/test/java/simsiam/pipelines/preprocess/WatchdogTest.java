package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WatchdogTest {
  private static final int STEPS = 6;

  private final Watchdog watchdog = new Watchdog(Duration.ofMillis(100), Duration.ofMillis(100));
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger progress = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void letStuckThreadsEnd() {
    release.countDown();
  }

  @Test
  void workThatGetsOnIsDoneOnceInAThreadOfItsOwn() throws IOException {
    Thread worker = watchdog.watch(steps -> Thread.currentThread(), progress::addAndGet);

    assertThat(worker).isNotSameAs(Thread.currentThread());
    assertThat(done(i -> false, this::heed)).containsExactly("0", "1", "2", "3", "4", "5");
    assertThat(attempts).hasValue(1);
    assertThat(progress).hasValue(STEPS);
  }

  @Test
  void aStepThatHeedsItsInterruptionCostsItselfAlone() throws IOException {
    assertThat(done(i -> i == 1 || i == 4, this::heed))
        .containsExactly("0", "late", "2", "3", "late", "5");
    assertThat(attempts).hasValue(1);
    assertThat(progress).hasValue(STEPS);
  }

  @Test
  void aStepThatHeedsNothingIsLeftOutOfASecondAttempt() throws IOException {
    assertThat(done(i -> i == 2, this::hang)).containsExactly("0", "1", "late", "3", "4", "5");
    assertThat(attempts).hasValue(2);
    assertThat(progress).hasValue(STEPS);
  }

  @Test
  void anInterruptionIsNotSeenByTheNextStep() throws IOException {
    AtomicBoolean seen = new AtomicBoolean();
    watchdog.watch(
        steps -> {
          steps.run("slow", this::spinPastTheDeadline);
          return steps.run("next", () -> seen.compareAndSet(false, Thread.interrupted()));
        },
        progress::addAndGet);

    assertThat(seen).isFalse();
  }

  @Test
  void workThatWasLeftBehindDoesNoMoreWhenItWakes() throws Exception {
    AtomicReference<Thread> first = new AtomicReference<>();
    AtomicInteger afterwards = new AtomicInteger();
    watchdog.watch(
        steps -> {
          first.compareAndSet(null, Thread.currentThread());
          steps.run("hang", this::hang);
          return afterwards.incrementAndGet();
        },
        progress::addAndGet);
    release.countDown();
    first.get().join();

    assertThat(afterwards).hasValue(1);
  }

  @Test
  void threadsThatCannotBeStoppedAreCountedAndEndTheWork() {
    assertThatThrownBy(() -> done(i -> i > 2, this::hang))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot decode images: expected decoders to end, got 3 that hang (last: 5)");
    assertThat(attempts).hasValue(3);
  }

  @Test
  void failuresOfTheWorkStayWhatTheyAre() {
    IOException failure = new IOException("made up");
    OutOfMemoryError error = new OutOfMemoryError("made up");

    assertThatThrownBy(() -> fail(failure)).isSameAs(failure);
    assertThatThrownBy(() -> fail(error)).isSameAs(error);
    assertThatThrownBy(() -> fail(new IllegalStateException("made up")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("made up");
  }

  @Test
  void anInterruptedWatchEndsTheWork() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch ended = new CountDownLatch(1);
    Thread watching =
        new Thread(
            () -> {
              try {
                new Watchdog().watch(steps -> sleepForEver(ended), progress::addAndGet);
              } catch (IOException | RuntimeException e) {
                failure.set(e);
              }
            });
    watching.start();
    watching.interrupt();
    watching.join();
    ended.await();

    assertThat(failure.get())
        .hasMessage("Cannot prepare images: expected to be left waiting, got an interrupt");
  }

  /** Its interruption makes a decoder fail as a damaged file does; nobody may take it for one. */
  @Test
  void whatAnInterruptedWorkerTakesForDamageComesToNothing() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    List<Optional<String>> outcomes = new ArrayList<>();
    Thread watching =
        new Thread(
            () -> {
              try {
                new Watchdog()
                    .watch(
                        steps -> rejectsOnInterrupt(steps, begun, ended, outcomes),
                        progress::addAndGet);
              } catch (IOException | RuntimeException e) {
                ended.countDown();
              }
            });
    watching.start();
    begun.await();
    watching.interrupt();
    watching.join();
    ended.await();
    Thread.sleep(50);

    assertThat(outcomes).isEmpty();
  }

  private static boolean rejectsOnInterrupt(
      WatchedSteps steps,
      CountDownLatch begun,
      CountDownLatch ended,
      List<Optional<String>> outcomes) {
    try {
      outcomes.add(
          steps.run(
              "good.png",
              () -> {
                begun.countDown();
                try {
                  Thread.sleep(Duration.ofMinutes(1).toMillis());
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return "corrupt";
              }));
      return true;
    } finally {
      ended.countDown();
    }
  }

  private List<String> done(IntPredicate slow, Runnable slowly) throws IOException {
    return watchdog.watch(
        steps -> {
          attempts.incrementAndGet();
          List<String> done = new ArrayList<>();
          for (int i = 0; i < STEPS; i++) {
            int step = i;
            Optional<String> result =
                steps.run(
                    "" + step,
                    () -> {
                      if (slow.test(step)) {
                        slowly.run();
                      }
                      return "" + step;
                    });
            done.add(result.orElse("late"));
          }
          return done;
        },
        progress::addAndGet);
  }

  private void fail(Throwable failure) throws IOException {
    watchdog.watch(
        steps -> {
          if (failure instanceof IOException checked) {
            throw checked;
          }
          if (failure instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) failure;
        },
        progress::addAndGet);
  }

  private void heed() {
    try {
      release.await();
    } catch (InterruptedException e) {
      // Heeds it by ending.
    }
  }

  private boolean hang() {
    while (release.getCount() > 0) {
      heed();
    }
    return true;
  }

  private boolean spinPastTheDeadline() {
    long end = System.nanoTime() + Duration.ofMillis(150).toNanos();
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return true;
  }

  private static boolean sleepForEver(CountDownLatch ended) throws IOException {
    try {
      Thread.sleep(Duration.ofMinutes(1).toMillis());
      return true;
    } catch (InterruptedException e) {
      ended.countDown();
      throw new IOException("interrupted", e);
    }
  }
}
