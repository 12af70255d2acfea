package simsiam.mlflow.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that race for a lock, most often for one that a dead process has left. Whether a lock
 * is held is asked of the losers, who try again after the others' failed attempts, and of the
 * operating system.
 */
class LockRaceTest {
  private static final int RACES = 400;
  private static final int RACERS = 4;

  /** Every so many races the holder is killed. */
  private static final int KILL_EVERY = 25;

  private static final String[] LEFT = {
    "process 1 on elsewhere, since 2026-01-02T03:04:05Z\n", "garbage", "", "\u0000\u0000\u0000"
  };

  private final List<OtherProcess> racers = new ArrayList<>();
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < RACERS; i++) {
      racers.add(OtherProcess.start(Racer.class));
    }
  }

  @AfterEach
  void end() {
    racers.forEach(OtherProcess::close);
  }

  @Test
  void ofFourHundredRacesEachHasOneHolder() throws Exception {
    for (int race = 0; race < RACES; race++) {
      Path file = folder.resolve("lock-" + race % 3);
      leave(file, race);
      int holder = race(file, race);
      if (race % KILL_EVERY == 0) {
        assertThat(OtherProcess.canLock(file)).as("race %d, asked of the system", race).isFalse();
        racers.get(holder).kill();
        racers.set(holder, OtherProcess.start(Racer.class));
      } else {
        racers.get(holder).tell("release");
        assertThat(racers.get(holder).answer()).isEqualTo("released");
      }
    }
  }

  /** Makes the lock look as if a process had died with it. */
  private static void leave(Path file, int race) throws IOException {
    if (race % 5 > 0) {
      Files.writeString(file.resolveSibling(file.getFileName() + ".holder"), LEFT[race % 4]);
    }
    if (race % 7 == 0) {
      Files.writeString(file, LEFT[race % 4]);
    }
  }

  /** Sends all off at once; returns which one got it. */
  private int race(Path file, int race) throws IOException {
    for (OtherProcess racer : racers) {
      racer.tell("take " + file);
    }
    List<Integer> holders = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      if (racers.get(i).answer().equals("got")) {
        holders.add(i);
      }
    }
    assertThat(holders).as("holders of race %d", race).hasSize(1);
    for (int i = 0; i < RACERS; i++) {
      if (i != holders.get(0)) {
        racers.get(i).tell("take " + file);
        assertThat(racers.get(i).answer()).as("race %d, second attempt", race).isEqualTo("none");
      }
    }
    return holders.get(0);
  }

  /** Takes and releases one lock as it is told. */
  static final class Racer {
    private Racer() {}

    public static void main(String[] args) throws IOException {
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      Optional<ProcessLock> held = Optional.empty();
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        if (order.equals("release")) {
          held.orElseThrow().close();
          System.out.println("released");
        } else {
          held = ProcessLock.tryAcquire(Path.of(order.substring("take ".length())));
          System.out.println(held.isPresent() ? "got" : "none");
        }
      }
    }
  }
}
