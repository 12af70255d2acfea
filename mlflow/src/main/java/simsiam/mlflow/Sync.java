package simsiam.mlflow;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.spool.Backlog;
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
   */
  public record Row(String uid, long entries, long waiting, long quarantined, long elsewhere) {}

  /**
   * How much of each run waits.
   *
   * @param serverId {@link ServerAddress#id} of the server in question
   */
  public static List<Row> status(Path spool, String serverId) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (RunFolder run : new Spool(spool).runs()) {
      Backlog backlog = Backlog.of(run, run.delivery(ServerAddress.keyOf(serverId)));
      rows.add(
          new Row(
              run.uid(),
              backlog.entries(),
              backlog.waiting(),
              backlog.quarantined(),
              backlog.elsewhere()));
    }
    return List.copyOf(rows);
  }

  /**
   * Sends everything and returns when it is sent, or when nothing could be sent for as long as the
   * patience lasts.
   */
  public static FlushReport run(Path spool, ServerSource server, Duration patience)
      throws IOException, InterruptedException {
    Spool folder = new Spool(spool);
    StaleRuns.close(folder);
    try (Deliverer deliverer = Deliverer.start(folder, server, UploadLimits.DEFAULT)) {
      return deliverer.settle(folder.runs(), patience);
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
