package simsiam.mlflow.spool;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RunStatus;

/** Closes the runs whose process vanished without ending them, as {@code kill -9} does. */
public final class StaleRuns {
  private static final Logger LOG = LoggerFactory.getLogger(StaleRuns.class);

  private StaleRuns() {}

  /** Ends each such run as killed, at the time of its last entry; returns how many there were. */
  public static int close(Spool spool) throws IOException {
    int closed = 0;
    for (RunFolder run : spool.runs()) {
      if (!run.mayBeUnended()) {
        continue; // As most are: owned, even for a moment, it would be in the way of its
        // continuation.
      }
      Optional<FileOwnership> ownership = run.tryOwn();
      if (ownership.isEmpty()) {
        continue; // Alive, in this process or another.
      }
      try {
        closed += close(run) ? 1 : 0;
      } finally {
        ownership.get().close();
      }
    }
    return closed;
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
