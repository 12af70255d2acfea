package simsiam.pipelines.source.sets;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.source.download.Download;
import simsiam.pipelines.source.download.DownloadProgress;
import simsiam.pipelines.source.download.RemoteFile;

/** Brings the official files of a data set where the source looks for them. */
public final class DatasetDownload {
  private DatasetDownload() {}

  /** Whether files are to be fetched: downloads are on and some are not there. */
  public static boolean needed(DatasetSpec spec, Path datasets) {
    return spec.download() && !missing(spec, ImageSources.place(spec, datasets)).isEmpty();
  }

  /** The folder that files are fetched to. */
  public static Path place(DatasetSpec spec, Path datasets) {
    return ImageSources.place(spec, datasets);
  }

  /**
   * Fetches what is missing.
   *
   * @throws IOException if a file cannot be had; the message says where it may be put by hand
   */
  public static void run(DatasetSpec spec, Path datasets, DownloadProgress progress)
      throws IOException {
    Path folder = ImageSources.place(spec, datasets);
    for (RemoteFile file : missing(spec, folder)) {
      new Download(Duration.ofSeconds(1)).fetch(file, folder, progress);
    }
  }

  private static List<RemoteFile> missing(DatasetSpec spec, Path folder) {
    return PublishedSet.of(spec.source()).map(set -> set.missing(folder)).orElse(List.of());
  }
}
