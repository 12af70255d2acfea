package simsiam.mlflow.spool;

import java.io.IOException;
import java.util.List;

/**
 * What has become of what was logged.
 *
 * @param sent entries of the journals that the server has
 * @param spooled entries that wait for it
 * @param quarantined values, tags and files it will never take; {@code quarantine.jsonl} below the
 *     journal says why
 * @param lost entries that the disk did not take
 * @param blocked runs that cannot be sent though the server is well, each with the reason
 * @param trouble what keeps the rest from being sent, or empty
 */
public record FlushReport(
    long sent, long spooled, long quarantined, long lost, List<String> blocked, String trouble) {

  /** Whether everything reached the server. */
  public boolean isComplete() {
    return spooled == 0 && quarantined == 0 && lost == 0 && blocked.isEmpty();
  }

  public static FlushReport offline(List<RunFolder> runs, long lost) throws IOException {
    Backlog all = Backlog.none();
    for (RunFolder run : runs) {
      all = all.plus(Backlog.of(run, run.delivery("none")));
    }
    return new FlushReport(
        0, all.waiting(), all.quarantined(), lost, List.of(), "tracking is offline");
  }
}
