package simsiam.pipelines.source.download;

/** Told how far a download has come. */
@FunctionalInterface
public interface DownloadProgress {
  /** Tells nobody. */
  DownloadProgress NONE = (file, done, total) -> {};

  /**
   * Called every so often, and once at the end.
   *
   * @param file its name
   * @param done bytes on disk
   * @param total bytes of the whole file
   */
  void update(String file, long done, long total);
}
