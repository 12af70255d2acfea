package simsiam.pipelines.remote;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * All files below a folder of a store, whatever their depth, as one request after another tells of
 * them: no more than a page need be in memory.
 */
interface Pages {
  /** Of the stores that have pages the classes that ask; builds for these stores have them. */
  Map<String, String> BY_SCHEME =
      Map.of("s3", "simsiam.pipelines.remote.S3Pages", "gs", "simsiam.pipelines.remote.GcsPages");

  /**
   * Asks for what comes next.
   *
   * @return files by their absolute keys, maybe none; empty at the end
   */
  Optional<Iterable<Listed>> next() throws IOException;

  /**
   * Begins a listing: in the store's own pages, or else as Beam has it.
   *
   * @param root such as {@code s3://bucket}
   * @param prefix key of the folder with {@code /} at both ends
   */
  static Pages below(String root, String prefix) throws IOException {
    int scheme = root.indexOf("://");
    String type = BY_SCHEME.get(root.substring(0, scheme));
    if (type != null && StoreOptions.current().isPresent()) {
      try {
        return Class.forName(type)
            .asSubclass(Pages.class)
            .getDeclaredConstructor(PipelineOptions.class, String.class, String.class)
            .newInstance(
                StoreOptions.current().get(), root.substring(scheme + 3), prefix.substring(1));
      } catch (InvocationTargetException e) {
        throw new IOException(e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IOException("Cannot list %s: this build has no %s".formatted(root, type), e);
      }
    }
    return HadoopNames.hadoop(root) ? new HadoopPages(root, prefix) : new BeamPages(root, prefix);
  }
}
