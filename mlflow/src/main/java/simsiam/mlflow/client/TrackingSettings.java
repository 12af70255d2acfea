package simsiam.mlflow.client;

import java.nio.file.Path;
import java.time.Duration;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.upload.UploadLimits;

/**
 * How to track.
 *
 * @param spool folder of the journals; shared by all processes of a workspace
 * @param server where to send them; not asked in mode offline
 * @param patience how long {@link TrackingMode#REQUIRED} waits for the server at the start
 */
public record TrackingSettings(
    Path spool, TrackingMode mode, ServerSource server, Duration patience, UploadLimits limits) {

  /** Settings with the default patience of a minute and the default limits. */
  public static TrackingSettings of(Path spool, TrackingMode mode, ServerSource server) {
    return new TrackingSettings(spool, mode, server, Duration.ofMinutes(1), UploadLimits.DEFAULT);
  }

  /** Settings that never look for a server. */
  public static TrackingSettings offline(Path spool) {
    return of(
        spool,
        TrackingMode.OFFLINE,
        () -> {
          throw new NoServerException("tracking is offline");
        });
  }
}
