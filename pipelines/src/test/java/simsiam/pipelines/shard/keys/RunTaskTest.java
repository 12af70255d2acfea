package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.source.listing.SourceSplit;

class RunTaskTest {
  private static final long MB = 1L << 20;

  @Test
  void aSmallSetHasRunsOfSecondsOfWork() {
    assertThat(sizes(10, 1_000, 20 * MB)).containsExactly(3, 3, 3, 1);
  }

  @Test
  void aLargerSetHasLargerRunsSoThatOneMergeIsEnough() {
    for (long gigabytes : new long[] {8, 40, 120}) {
      int parts = (int) (gigabytes * 1024 / 40);
      assertThat(sizes(parts, 250, 40 * MB)).hasSizeBetween(30, 64);
    }
  }

  @Test
  void runsAreBoundedByBytesAndRowsHoweverLargeTheSetIs() {
    // 1.3 million images of 150 kB: 200 GB.
    assertThat(sizes(20_000, 65, 10 * MB)).hasSizeBetween(45, 64).allMatch(size -> size <= 409);
    // 100 million of 3 kB.
    assertThat(sizes(10_000, 10_000, 30 * MB)).hasSize(1_000).allMatch(size -> size == 10);
  }

  @Test
  void aLargeFileIsARunByItself() {
    assertThat(sizes(3, 1_000_000, 9L << 30)).containsExactly(1, 1, 1);
  }

  /** Files of each run. */
  private static List<Integer> sizes(int parts, long rows, long bytes) {
    Part part = new Part("file", SourceSplit.TRAIN, rows, bytes, "");
    return RunTask.group(Collections.nCopies(parts, part), RunLimits.STANDARD).stream()
        .map(run -> run.parts().size())
        .toList();
  }
}
