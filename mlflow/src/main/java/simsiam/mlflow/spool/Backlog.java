package simsiam.mlflow.spool;

import java.io.IOException;
import java.util.List;
import simsiam.mlflow.spool.Delivery.Lane;

/**
 * How much of a run waits to be sent.
 *
 * @param entries lines of the journal
 * @param sent of these, delivered in their lane
 * @param quarantined refused by the server for good
 * @param elsewhere files that another server got, and that were not kept after that
 */
public record Backlog(long entries, long sent, long quarantined, long elsewhere) {

  /** Counts a run's lines, by the lane in which each is delivered. */
  public static Backlog of(RunFolder run, Delivery delivery) throws IOException {
    long data = delivery.offset(Lane.DATA);
    long files = delivery.offset(Lane.FILES);
    long entries = 0;
    long sent = 0;
    long offset = 0;
    List<Located> lines = JournalReader.read(run.journal(), offset);
    while (!lines.isEmpty()) {
      for (Located line : lines) {
        offset = line.end();
        entries++;
        sent += offset <= (line.isFile() ? files : data) ? 1 : 0;
      }
      lines = JournalReader.read(run.journal(), offset);
    }
    return new Backlog(entries, sent, delivery.refused().size(), delivery.elsewhere().size());
  }

  /** Lines that wait. */
  public long waiting() {
    return entries - sent;
  }

  /** The sum of two. */
  public Backlog plus(Backlog other) {
    return new Backlog(
        entries + other.entries,
        sent + other.sent,
        quarantined + other.quarantined,
        elsewhere + other.elsewhere);
  }

  /** Nothing. */
  public static Backlog none() {
    return new Backlog(0, 0, 0, 0);
  }
}
