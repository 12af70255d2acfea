package simsiam.pipelines.tracking;

import java.util.List;
import java.util.Locale;

/**
 * What has become of an {@link Outbox}.
 *
 * @param server its address
 * @param runs in the outbox
 * @param sent entries that the server did not have before
 * @param waiting entries that it still does not have
 * @param refused values, tags and files that it has refused for good this time
 * @param elsewhere files that another server got, and that were not kept after that
 * @param blocked runs that cannot be sent though the server is well, each with the reason
 * @param trouble what keeps the rest from being sent, or empty
 */
public record Shipment(
    String server,
    int runs,
    long sent,
    long waiting,
    long refused,
    long elsewhere,
    List<String> blocked,
    String trouble) {
  /** Whether the server has everything that is still here. */
  public boolean isComplete() {
    return waiting == 0 && refused == 0 && blocked.isEmpty();
  }

  /** For the user, in one line. */
  public String line() {
    StringBuilder line = new StringBuilder();
    if (sent == 0 && waiting == 0 && blocked.isEmpty()) {
      line.append("Nothing waits to be sent");
    } else {
      line.append(String.format(Locale.ROOT, "Sent %,d entries to %s", sent, server));
    }
    line.append(runs == 1 ? " (1 run)" : " (" + runs + " runs)");
    if (waiting > 0) {
      String other = blocked.isEmpty() ? "another process is sending them" : "see below";
      String why = trouble.isEmpty() ? other : trouble;
      line.append(String.format(Locale.ROOT, "; %,d wait: %s", waiting, why));
    }
    if (refused > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              "; the server refused %,d values, see quarantine.jsonl below their journals",
              refused));
    }
    if (elsewhere > 0) {
      line.append(
          String.format(
              Locale.ROOT,
              "; %,d files went to another server before and were not kept, see elsewhere.jsonl",
              elsewhere));
    }
    blocked.forEach(run -> line.append("\ncannot be sent: ").append(run));
    return line.toString();
  }
}
