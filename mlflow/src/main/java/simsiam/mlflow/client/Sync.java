package simsiam.mlflow.client;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.Backlog;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.mlflow.spool.StaleRuns;
import simsiam.mlflow.upload.Deliverer;
import simsiam.mlflow.upload.UploadLimits;

/**
 * Sends what runs left in the spool. Safe at any time and any number of times: what a server has is
 * not sent to it again, and runs that a live process is sending are left to it.
 */
public final class Sync {
  private static final Duration RESCAN = Duration.ofSeconds(5);

  private Sync() {}

  /**
   * A run in the spool.
   *
   * @param entries lines journalled
   * @param waiting of these, not at the server yet
   * @param quarantined values, tags and files that the server refused for good
   * @param elsewhere files that another server got, and that were not kept after that
   * @param trouble why the run cannot be sent, or could not when that was last tried; or empty
   */
  public record Row(
      String uid, long entries, long waiting, long quarantined, long elsewhere, String trouble) {}

  /**
   * How much of each run waits.
   *
   * @param serverId {@link ServerAddress#id} of the server in question
   */
  public static List<Row> status(Path spool, String serverId) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (RunFolder run : new Spool(spool).runs()) {
      rows.add(row(run, run.delivery(ServerAddress.keyOf(serverId))));
    }
    return List.copyOf(rows);
  }

  private static Row row(RunFolder run, Delivery delivery) {
    try {
      Backlog backlog = Backlog.of(run, delivery);
      return new Row(
          run.uid(),
          backlog.entries(),
          backlog.waiting(),
          backlog.quarantined(),
          backlog.elsewhere(),
          backlog.waiting() == 0 ? "" : delivery.trouble().orElse(""));
    } catch (IOException e) { // Shown in its row; the others can be counted.
      return new Row(run.uid(), 0, 0, 0, 0, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * Sends everything and returns when it is sent, or when nothing could be sent for as long as the
   * patience lasts.
   *
   * @param told is told once, with what keeps the data from being sent or empty text, if it takes a
   *     while
   */
  public static FlushReport run(
      Path spool, ServerSource server, Duration patience, Consumer<String> told)
      throws IOException, InterruptedException {
    Spool folder = new Spool(spool);
    StaleRuns.close(folder);
    try (Deliverer deliverer = Deliverer.start(folder, server, UploadLimits.DEFAULT)) {
      return deliverer.settle(folder.runs(), patience, told);
    }
  }

  /**
   * Sends everything, then what is added, until the thread is interrupted.
   *
   * @param reports given the state every few seconds
   */
  public static void watch(Path spool, ServerSource server, Consumer<FlushReport> reports)
      throws IOException, InterruptedException {
    Spool folder = new Spool(spool);
    try (Deliverer deliverer = Deliverer.start(folder, server, UploadLimits.DEFAULT)) {
      while (true) {
        StaleRuns.close(folder);
        deliverer.add(folder.runs());
        reports.accept(deliverer.flush(folder.runs(), RESCAN, 0));
        Thread.sleep(RESCAN.toMillis());
      }
    }
  }
}
