package simsiam.pipelines.remote;

import java.net.URI;
import org.apache.beam.sdk.io.fs.MatchResult;

/**
 * What is special about Hadoop's file system among stores: Beam names its files by URIs, in which
 * spaces and the like are escaped, and lists its folders as if they were files of no bytes; it does
 * not find what is in folders with such names.
 */
final class HadoopNames {
  private HadoopNames() {}

  /** Whether a place is in Hadoop's file system. */
  static boolean hadoop(String place) {
    return place.startsWith("hdfs://");
  }

  /** Whether a failure says that what was taken for a folder is a file. */
  static boolean belowFile(String place, Throwable failure) {
    return hadoop(place)
        && String.valueOf(failure.getMessage())
            .lines()
            .findFirst()
            .orElse("")
            .endsWith("(is not a directory)");
  }

  /** The name by which Beam opens a file. */
  static String escaped(RemotePath path) {
    String place = path.toAbsolutePath().toString();
    return hadoop(place) ? path.toUri().toString() : place;
  }

  /** The place that a name of Beam's means. */
  static String place(String name) {
    if (!hadoop(name)) {
      return name;
    }
    URI uri = URI.create(name);
    return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
  }

  /** Whether what was found may be a folder. */
  static boolean maybeFolder(MatchResult.Metadata found) {
    return hadoop(found.resourceId().toString()) && found.sizeBytes() == 0;
  }
}
