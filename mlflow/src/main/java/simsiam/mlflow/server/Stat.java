package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux tells of a process in {@code /proc/PID/stat}.
 *
 * @param session the id of the process that leads its session
 * @param started clock ticks from the start of the system to that of the process
 */
record Stat(long session, long started) {
  /** Counted from the field after the name, which may hold spaces and brackets. */
  private static final int SESSION = 3;

  private static final int STARTED = 19;

  /**
   * @throws IOException if there is no such process, or no {@code /proc}
   */
  static Stat of(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return new Stat(Long.parseLong(fields[SESSION]), Long.parseLong(fields[STARTED]));
  }
}
