package simsiam.pipelines.bench.measure;

import java.io.IOException;
import java.util.List;

/**
 * Keeps processes to cores, so that what one of them does takes nothing from another. Only Linux's
 * {@code taskset} can; without it, or with one core, all share all.
 */
public final class Cores {
  private final int count = Runtime.getRuntime().availableProcessors();
  private boolean apart = count > 1;

  /** Keeps this process, and all that it starts, off the last core. */
  public void leaveLast() throws IOException, InterruptedException {
    keep(ProcessHandle.current(), "0-" + (count - 2));
  }

  /** Gives this process all cores again. */
  public void takeAll() throws IOException, InterruptedException {
    keep(ProcessHandle.current(), "0-" + (count - 1));
  }

  /** Keeps other processes to the last core. */
  public void toLast(List<ProcessHandle> processes) throws IOException, InterruptedException {
    for (ProcessHandle process : processes) {
      keep(process, Integer.toString(count - 1));
    }
  }

  /** Whether that was possible. */
  public boolean areApart() {
    return apart;
  }

  private void keep(ProcessHandle process, String cores) throws IOException, InterruptedException {
    if (!apart) {
      return;
    }
    try {
      int code =
          new ProcessBuilder("taskset", "-a", "-c", "-p", cores, Long.toString(process.pid()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor();
      // A process that has just ended cannot be kept to anything.
      apart = code == 0 || !process.isAlive();
    } catch (IOException e) {
      apart = false; // no such program: said with the figures
    }
  }
}
