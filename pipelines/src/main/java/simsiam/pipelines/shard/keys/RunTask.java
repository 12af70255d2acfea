package simsiam.pipelines.shard.keys;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.preprocess.PreparedSummary.Part;

/**
 * Files of examples that are sorted together.
 *
 * @param index of the run, from 0
 */
public record RunTask(int index, List<Part> parts) implements Serializable {
  /** Bytes of a run, at most, unless one file has more. */
  private static final long BYTES = 256L << 20;

  /** Groups files in order: a function of the files alone. */
  public static List<RunTask> group(List<Part> parts) {
    List<RunTask> runs = new ArrayList<>();
    List<Part> run = new ArrayList<>();
    long bytes = 0;
    for (Part part : parts) {
      if (!run.isEmpty() && bytes + part.bytes() > BYTES) {
        runs.add(new RunTask(runs.size(), List.copyOf(run)));
        run.clear();
        bytes = 0;
      }
      run.add(part);
      bytes += part.bytes();
    }
    if (!run.isEmpty()) {
      runs.add(new RunTask(runs.size(), List.copyOf(run)));
    }
    return runs;
  }
}
