package simsiam.mlflow.spool;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RunStatus;
import simsiam.mlflow.lock.ProcessLock;

/** Closes the runs whose process vanished without ending them, as {@code kill -9} does. */
public final class StaleRuns {
  private static final Logger LOG = LoggerFactory.getLogger(StaleRuns.class);

  private StaleRuns() {}

  /** Ends each such run as killed, at the time of its last entry; returns how many there were. */
  public static int close(Spool spool) throws IOException {
    int closed = 0;
    for (RunFolder run : spool.runs()) {
      try {
        closed += closeUnlessAlive(run) ? 1 : 0;
      } catch (IOException e) {
        LOG.warn("Cannot look whether run {} was left open, others are: {}", run.uid(), e + "");
      }
    }
    return closed;
  }

  private static boolean closeUnlessAlive(RunFolder run) throws IOException {
    if (!run.mayBeUnended()) {
      return false; // As most are: owned, even for a moment, it would be in the way of its owner.
    }
    Optional<ProcessLock> ownership = run.tryOwn();
    if (ownership.isEmpty()) {
      return false; // Alive, in this process or another.
    }
    try {
      return close(run);
    } finally {
      ownership.get().close();
    }
  }

  private static boolean close(RunFolder run) throws IOException {
    JournalState state = JournalState.of(run.journal());
    if (!state.ended() && state.start().isPresent()) {
      try (Journal journal = Journal.open(run.journal(), state)) {
        String reason = "the process ended without closing the run";
        journal.append(new Entry.Tags(Map.of("failure", reason)), state.lastTime());
        journal.append(new Entry.End(RunStatus.KILLED), state.lastTime());
      }
      LOG.info("Run {} was left open by a process that ended: closed", run.path().getFileName());
      return true;
    }
    return false;
  }
}
