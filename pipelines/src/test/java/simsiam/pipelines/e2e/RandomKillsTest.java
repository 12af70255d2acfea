package simsiam.pipelines.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code kill -9} at random moments of every stage, with two threads: as often as {@code
 * -Dkills=50} says, with {@code -Dkills.seed=1} for other moments. A workspace that was finished in
 * spite of it has the bytes of one that was never killed, and a new one is begun.
 */
@EnabledIfSystemProperty(named = "kills", matches = "[1-9]\\d*")
class RandomKillsTest {
  private static final Logger log = LoggerFactory.getLogger(RandomKillsTest.class);
  private static final Map<String, String> TWO_THREADS = Map.of("OMP_NUM_THREADS", "2");
  private static final List<String> STAGES =
      List.of("preprocess", "shard", "pretrain", "features", "knn", "probe", "linear", "report");

  /** Kills of one stage of a workspace, after which it is left to come to its end. */
  private static final int MOST = 3;

  private final Random random = new Random(Long.getLong("kills.seed", 0));
  private final Map<String, Integer> kills = new TreeMap<>();
  private TinyStudy study;
  private Map<String, Long> millis;

  @Test
  void whatIsKilledEndsWithTheBytesOfAnUninterruptedRun(@TempDir Path folder) throws Exception {
    int wanted = Integer.getInteger("kills");
    study = TinyStudy.in(folder);
    millis = timedRun("whole");
    SortedMap<String, String> whole = study.digests("whole");
    int done = 0;
    for (int workspace = 0; done < wanted; workspace++) {
      String name = "killed-" + workspace;
      for (String stage : STAGES) {
        int times = Math.min(wanted - done, random.nextInt(MOST + 1));
        for (int i = 0; i < times && !study.committed(name, stage); i++) {
          done += killIn(name, stage) ? 1 : 0;
        }
      }
      runToTheEnd(name);
      assertThat(study.digests(name)).as(name).containsExactlyEntriesOf(whole);
      log.info("{} kills so far: {}", done, kills);
    }
    assertThat(done).isEqualTo(wanted);
  }

  private SimsiamProcess start(String workspace) throws Exception {
    List<String> command =
        SimsiamProcess.command(List.of(), study.arguments("run", workspace, new String[0]));
    return SimsiamProcess.start(study.folder(), TWO_THREADS, command);
  }

  private void runToTheEnd(String workspace) throws Exception {
    try (SimsiamProcess run = start(workspace)) {
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  /** An uninterrupted run, and how long each of its stages takes, from its line on. */
  private Map<String, Long> timedRun(String workspace) throws Exception {
    Map<String, Long> took = new LinkedHashMap<>();
    try (SimsiamProcess run = start(workspace)) {
      for (String stage : STAGES) {
        run.await(() -> begun(run, stage));
        long start = System.nanoTime();
        run.await(() -> study.committed(workspace, stage));
        took.put(stage, Math.max(1, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
      }
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
    return took;
  }

  private static boolean begun(SimsiamProcess run, String stage) throws IOException {
    return run.output().lines().anyMatch(line -> line.matches(stage + " +begins.*"));
  }

  /** Whether the run lived to be killed at a moment of this stage, or a little after it. */
  private boolean killIn(String workspace, String stage) throws Exception {
    long moment = random.nextLong(millis.get(stage) + 100);
    try (SimsiamProcess run = start(workspace)) {
      run.await(() -> begun(run, stage));
      TimeUnit.MILLISECONDS.sleep(moment);
      run.kill();
      boolean killed = run.exitCode() == 137;
      if (killed) {
        kills.merge(stage, 1, Integer::sum);
      }
      return killed;
    }
  }
}
