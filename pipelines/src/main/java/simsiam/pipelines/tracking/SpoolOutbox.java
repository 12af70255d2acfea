package simsiam.pipelines.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import simsiam.mlflow.client.Sync;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.Spool;
import simsiam.mlflow.spool.StaleRuns;

/**
 * The spool of a workspace.
 *
 * @param patience how long a server may fail before sending is given up
 */
public record SpoolOutbox(TrackingServer server, Duration patience) implements Outbox {
  @Override
  public List<Row> status() throws IOException {
    return Sync.status(server.spool(), server.id()).stream()
        .map(
            row ->
                new Row(
                    row.uid(),
                    row.entries(),
                    row.waiting(),
                    row.quarantined(),
                    row.elsewhere(),
                    row.trouble()))
        .toList();
  }

  @Override
  public Shipment send(Consumer<String> notes) throws IOException, InterruptedException {
    StaleRuns.close(new Spool(server.spool()));
    List<Row> before = status();
    if (before.stream().allMatch(row -> row.waiting() == 0 && row.trouble().isEmpty())) {
      return new Shipment(server.address(), before.size(), 0, 0, 0, 0, List.of(), "");
    }
    // In the user's sight, as installing may take longer than any patience with a server.
    String url = server.up(notes);
    FlushReport report =
        Sync.run(
            server.spool(),
            server.source(notes),
            patience,
            trouble -> notes.accept(waiting(url, trouble)));
    return shipment(url, before, status(), report);
  }

  @Override
  public void watch(Consumer<String> notes, Consumer<Shipment> reports)
      throws IOException, InterruptedException {
    String url = server.up(notes);
    List<Row> before = status();
    Sync.watch(
        server.spool(),
        server.source(notes),
        report -> reports.accept(shipment(url, before, now(), report)));
  }

  private List<Row> now() {
    try {
      return status();
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private String waiting(String url, String trouble) {
    return trouble.isEmpty()
        ? "Sending to " + url
        : "Waiting up to %s s for %s: %s".formatted(patience.toSeconds(), url, trouble);
  }

  private static Shipment shipment(
      String url, List<Row> before, List<Row> after, FlushReport report) {
    return new Shipment(
        url,
        after.size(),
        sent(after) - sent(before),
        after.stream().mapToLong(Row::waiting).sum(),
        refused(after) - refused(before),
        elsewhere(after) - elsewhere(before),
        report.blocked(),
        report.trouble());
  }

  private static long sent(List<Row> rows) {
    return rows.stream().mapToLong(row -> row.entries() - row.waiting()).sum();
  }

  private static long elsewhere(List<Row> rows) {
    return rows.stream().mapToLong(Row::elsewhere).sum();
  }

  private static long refused(List<Row> rows) {
    return rows.stream().mapToLong(Row::refused).sum();
  }
}
