package simsiam.pipelines.tracking;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** What a workspace has journalled for a tracking server. */
public interface Outbox {
  /**
   * A tracked run.
   *
   * @param entries lines journalled
   * @param waiting of these, not at the server yet
   * @param refused values, tags and files that the server refused for good
   * @param elsewhere files that another server got, and that were not kept after that
   * @param trouble why the run cannot be sent, or could not when that was last tried; or empty
   */
  record Row(
      String run, long entries, long waiting, long refused, long elsewhere, String trouble) {}

  /** The runs and what of them waits; asks no server. */
  List<Row> status() throws IOException;

  /**
   * Sends what waits and returns when it is sent or when no progress is to be expected.
   *
   * @param notes takes lines about installing and starting a server
   */
  Shipment send(Consumer<String> notes) throws IOException, InterruptedException;

  /**
   * Sends what waits and what is added, until the thread is interrupted.
   *
   * @param reports takes the state every few seconds
   */
  void watch(Consumer<String> notes, Consumer<Shipment> reports)
      throws IOException, InterruptedException;
}
