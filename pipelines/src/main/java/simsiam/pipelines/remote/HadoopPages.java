package simsiam.pipelines.remote;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.fs.MatchResult;

/** Hadoop's file system, of which Beam finds what is directly in a folder: a page is a folder. */
final class HadoopPages implements Pages {
  private final String root;
  private final Deque<Folder> left = new ArrayDeque<>();

  /**
   * A folder that is still to be looked into.
   *
   * @param place that ends with {@code /}
   * @param itself what was found under its name, which is a file if nothing is in it
   */
  private record Folder(String place, List<MatchResult.Metadata> itself) {}

  HadoopPages(String root, String prefix) {
    this.root = root;
    left.push(new Folder(root + prefix, List.of()));
  }

  @Override
  public Optional<Iterable<Listed>> next() throws IOException {
    if (left.isEmpty()) {
      return Optional.empty();
    }
    Folder folder = left.pop();
    List<MatchResult.Metadata> inside = BeamPages.matches(folder.place() + "*");
    if (inside.isEmpty()) {
      return Optional.of(BeamPages.listed(root, folder.itself()));
    }
    List<MatchResult.Metadata> files = new ArrayList<>();
    for (MatchResult.Metadata found : inside) {
      if (HadoopNames.maybeFolder(found)) {
        String place = HadoopNames.place(found.resourceId().toString());
        left.push(new Folder(place + "/", List.of(found)));
      } else {
        files.add(found);
      }
    }
    return Optional.of(BeamPages.listed(root, files));
  }
}
