package simsiam.mlflow.upload;

import java.io.IOException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.RunFolder;

/** Sends one kind of a run's entries. */
public sealed interface RunSender permits DataSender, FileSender {

  /** What a step did. */
  enum Outcome {
    /** Everything journalled so far has been sent. */
    IDLE,
    /** Something was sent, there may be more. */
    SENT,
    /** Something else must be sent first, e.g. the parent run. */
    WAITING
  }

  /** Sends the next few entries of a run. What it sent is never sent again by a later step. */
  Outcome step(RunFolder run, Connection connection) throws IOException, InterruptedException;

  /** Which entries it takes care of. */
  Delivery.Lane lane();
}
