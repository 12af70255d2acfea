package simsiam.pipelines.remote;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;

/** What Beam finds by a pattern: a single page, all of it at once. */
final class BeamPages implements Pages {
  private final String root;
  private final String prefix;
  private boolean asked;

  BeamPages(String root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  @Override
  public Optional<Iterable<Listed>> next() throws IOException {
    if (asked) {
      return Optional.empty();
    }
    asked = true;
    return Optional.of(listed(root, matches(root + prefix + "**")));
  }

  static List<MatchResult.Metadata> matches(String pattern) throws IOException {
    MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    return match.status() == MatchResult.Status.NOT_FOUND ? List.of() : match.metadata();
  }

  /** Made as they are asked for: a file system may have made its list so too. */
  static Iterable<Listed> listed(String root, List<MatchResult.Metadata> found) {
    return () -> found.stream().map(metadata -> listed(root, metadata)).iterator();
  }

  private static Listed listed(String root, MatchResult.Metadata metadata) {
    String place = HadoopNames.place(metadata.resourceId().toString());
    if (!place.startsWith(root + "/")) {
      throw new IllegalStateException("expected files of %s, got %s".formatted(root, place));
    }
    return new Listed(place.substring(root.length()), attributes(metadata));
  }

  static RemoteAttributes attributes(MatchResult.Metadata metadata) {
    return new RemoteAttributes(
        metadata.sizeBytes(),
        metadata.lastModifiedMillis(),
        Objects.toString(metadata.checksum(), ""),
        false);
  }
}
