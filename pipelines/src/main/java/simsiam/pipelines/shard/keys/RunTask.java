package simsiam.pipelines.shard.keys;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.preprocess.PreparedSummary.Part;

/**
 * Files of examples that are sorted together.
 *
 * @param index of the run, from 0
 */
public record RunTask(int index, List<Part> parts) implements RunInput {
  /** Groups files in order, within the limits unless one file has more. */
  public static List<RunTask> group(List<Part> parts, RunLimits limits) {
    long mostBytes = limits.bytes(parts);
    List<RunTask> runs = new ArrayList<>();
    List<Part> run = new ArrayList<>();
    long bytes = 0;
    long rows = 0;
    for (Part part : parts) {
      if (!run.isEmpty()
          && (bytes + part.bytes() > mostBytes || rows + part.rows() > limits.rows())) {
        runs.add(new RunTask(runs.size(), List.copyOf(run)));
        run.clear();
        bytes = 0;
        rows = 0;
      }
      run.add(part);
      bytes += part.bytes();
      rows += part.rows();
    }
    if (!run.isEmpty()) {
      runs.add(new RunTask(runs.size(), List.copyOf(run)));
    }
    return runs;
  }
}
