package simsiam.mlflow.server;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The session that a server was started in. A server is several processes, and where its first one
 * was killed the others live on, with the port and the database in their hands.
 */
final class Session {
  private Session() {}

  /**
   * What is left of a session whose leader is gone; none while its number is in use again, and none
   * where there is no {@code /proc}.
   */
  static List<ProcessHandle> orphans(long leader) {
    if (ProcessHandle.of(leader).isPresent()) {
      return List.of();
    }
    return ProcessHandle.allProcesses()
        .filter(process -> sessionOf(process.pid()).filter(id -> id == leader).isPresent())
        .toList();
  }

  private static Optional<Long> sessionOf(long pid) {
    try {
      return Optional.of(Stat.of(pid).session());
    } catch (IOException e) {
      return Optional.empty(); // It has just ended, or this system has no such files.
    }
  }
}
