package simsiam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import simsiam.pipelines.sweep.JsonLines;

/**
 * A worker's offer to run one point: a folder through which it talks with the launching process.
 * {@code lock} is held by the worker as long as it stands by its offer, {@code reports.jsonl} has
 * what the worker tells, {@code orders.jsonl} what it is told. Both files are there from the
 * beginning and only grow: a network file system shows what is appended at once to who opens a file
 * anew, and a new file only when its folder is looked at again.
 */
record OfferFolder(Path folder) {
  static final String RUN = "run";
  static final String TERMINATE = "terminate";
  static final String KILL = "kill";
  static final String DISMISS = "dismiss";

  /** Makes a new one among others; what is in it is seen when the first report is there. */
  static OfferFolder in(Path offers) throws IOException {
    OfferFolder made = new OfferFolder(offers.resolve(UUID.randomUUID().toString()));
    Files.createDirectories(made.folder);
    Files.createFile(made.orders());
    return made;
  }

  Path lock() {
    return folder.resolve("lock");
  }

  private Path orders() {
    return folder.resolve("orders.jsonl");
  }

  private Path reports() {
    return folder.resolve("reports.jsonl");
  }

  void order(String order, Map<String, ?> with) throws IOException {
    Map<String, Object> line = new TreeMap<>(with);
    line.put("order", order);
    JsonLines.append(orders(), line);
  }

  JsonLines readOrders() {
    return new JsonLines(orders());
  }

  void report(Map<String, ?> report) throws IOException {
    JsonLines.append(reports(), report);
  }

  JsonLines readReports() {
    return new JsonLines(reports());
  }
}
