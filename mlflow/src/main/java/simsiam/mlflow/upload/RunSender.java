package simsiam.mlflow.upload;

import java.io.IOException;
import java.nio.file.Files;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;

/** Sends one kind of a run's entries. */
public sealed interface RunSender permits DataSender, FileSender {

  /** What a step did. */
  enum Outcome {
    /** There was nothing to send. */
    IDLE,
    /** Something was sent, and there is more. */
    SENT,
    /** Something was sent, and with it everything that was journalled by then. */
    SENT_ALL,
    /** Something else must be sent first, e.g. the parent run. */
    WAITING;

    /** What a step did that sent the journal up to an offset. */
    static Outcome sentUpTo(long end, RunFolder run) throws IOException {
      return Files.size(run.journal()) > end ? SENT : SENT_ALL;
    }
  }

  /** Sends the next few entries of a run. What it sent is never sent again by a later step. */
  Outcome step(RunFolder run, Connection connection) throws IOException, InterruptedException;

  /** Which entries it takes care of. */
  Delivery.Lane lane();
}
