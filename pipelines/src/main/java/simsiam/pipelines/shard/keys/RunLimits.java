package simsiam.pipelines.shard.keys;

import java.util.List;
import simsiam.pipelines.preprocess.PreparedSummary.Part;

/**
 * How large sorted runs are, and how many of them one task merges: what bounds the memory, the open
 * files and the disk of a worker, whatever the size of the set. None of it changes a byte of a
 * shard.
 *
 * @param fanIn runs merged at a time, and so files that a task has open, at most
 * @param leastBytes of a run where the set is small: seconds of work
 * @param mostBytes of a run: what a worker whose output is in a store needs on its disk for a task
 * @param rows of a run, at most: some 600 bytes of the heap each
 */
public record RunLimits(int fanIn, long leastBytes, long mostBytes, int rows) {
  /** Up to some 200 GB runs are merged once. */
  public static final RunLimits STANDARD = new RunLimits(64, 64L << 20, 4L << 30, 100_000);

  /** Bytes of a run of these files: so many that one merge is enough, as far as it can be. */
  long bytes(List<Part> parts) {
    long all = parts.stream().mapToLong(Part::bytes).sum();
    // Runs are up to twice as many where files are about as large as a run.
    return Math.max(leastBytes, Math.min(mostBytes, all / Math.max(1, fanIn / 2)));
  }
}
