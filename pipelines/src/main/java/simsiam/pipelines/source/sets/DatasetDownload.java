package simsiam.pipelines.source.sets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.download.Download;
import simsiam.pipelines.source.download.DownloadProgress;
import simsiam.pipelines.source.download.RemoteFile;
import simsiam.pipelines.source.folders.TinyImageNet;
import simsiam.pipelines.source.records.CifarVariant;
import simsiam.pipelines.source.records.StlSource;

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
    if (Files.isRegularFile(folder) || unpacked(spec.source(), folder)) {
      return List.of();
    }
    return OfficialFiles.of(spec.source()).stream()
        .filter(file -> !Files.exists(folder.resolve(file.name())))
        .filter(file -> !Files.exists(folder.resolve(file.name().replaceAll("\\.gz$", ""))))
        .toList();
  }

  /** Whether a folder, or the one that the archive unpacks to inside it, has the set's files. */
  private static boolean unpacked(SourceKind source, Path folder) {
    return switch (source) {
      case CIFAR10 -> holds(folder, CifarVariant.CIFAR10.folder(), CifarVariant.CIFAR10.testFile());
      case CIFAR100 ->
          holds(folder, CifarVariant.CIFAR100.folder(), CifarVariant.CIFAR100.testFile());
      case TINY_IMAGENET -> holds(folder, TinyImageNet.FOLDER, "train");
      case STL10, STL10_WITH_UNLABELLED -> holds(folder, StlSource.FOLDER, StlSource.TEST_FILE);
      default -> false;
    };
  }

  private static boolean holds(Path folder, String inner, String name) {
    return Files.exists(folder.resolve(name)) || Files.exists(folder.resolve(inner).resolve(name));
  }
}
