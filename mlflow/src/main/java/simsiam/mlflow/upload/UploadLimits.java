package simsiam.mlflow.upload;

import java.time.Duration;

/**
 * How patient an uploader is.
 *
 * @param timeout of one request; for a file, of a pause in its transfer. After each request that
 *     ends so, twice as long, up to four times: a slow server gets the data too
 * @param maxBackoff the longest pause between attempts
 */
public record UploadLimits(Duration timeout, Duration maxBackoff) {
  /** 30 seconds each. */
  public static final UploadLimits DEFAULT =
      new UploadLimits(Duration.ofSeconds(30), Duration.ofSeconds(30));
}
