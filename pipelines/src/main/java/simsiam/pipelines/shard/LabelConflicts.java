package simsiam.pipelines.shard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simsiam.model.data.Manifest;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.shard.keys.Duplicate;

/**
 * Images that were left out for another one with the same pixels and not the same label: one of the
 * two labels is wrong. Told by {@link ShardPipeline#DUPLICATES_FILE_NAME}, of older sets too.
 *
 * @param images those left out whose label is another one than that of the image kept
 * @param lost labelled images left out for one without a label
 * @param of images in all, those left out included
 * @param examples the first of the conflicts, by id of the image left out
 */
public record LabelConflicts(long images, long lost, long of, List<Pair> examples) {
  private static final int EXAMPLES = 100;
  private static final int NAMED = 3;

  public LabelConflicts {
    examples = List.copyOf(examples);
  }

  /** Two images with the same pixels under two classes. */
  public record Pair(String dropped, String droppedClass, String kept, String keptClass) {
    @Override
    public String toString() {
      return "%s (%s) is %s (%s)".formatted(dropped, droppedClass, kept, keptClass);
    }
  }

  /**
   * Those of a set of shards; none where its duplicates are not listed.
   *
   * @param folder on disk or in a store
   */
  public static LabelConflicts of(Path folder, Manifest manifest) throws IOException {
    Path file = folder.resolve(ShardPipeline.DUPLICATES_FILE_NAME);
    long rows = manifest.splits().values().stream().mapToLong(Manifest.Split::rows).sum();
    if (!Files.exists(file)) {
      return new LabelConflicts(0, 0, rows, List.of());
    }
    List<Pair> examples = new ArrayList<>();
    long conflicts = 0;
    long lost = 0;
    long dropped = 0;
    try (Stream<String> lines = Files.lines(file)) {
      for (String text : (Iterable<String>) lines::iterator) {
        Duplicate line = CanonicalJson.parse(text, Duplicate.class);
        dropped++;
        if (line.dropped().label() < 0 || line.dropped().label() == line.kept().label()) {
          continue;
        }
        if (line.kept().label() < 0) {
          lost++;
          continue;
        }
        conflicts++;
        if (examples.size() < EXAMPLES) {
          examples.add(pair(line, manifest.labelSpace().names()));
        }
      }
    }
    return new LabelConflicts(conflicts, lost, rows + dropped, examples);
  }

  private static Pair pair(Duplicate line, List<String> names) {
    return new Pair(
        line.dropped().id(),
        names.get(line.dropped().label()),
        line.kept().id(),
        names.get(line.kept().label()));
  }

  /** Their share of the images, from 0 to 1. */
  public double fraction() {
    return of == 0 ? 0 : (double) images / of;
  }

  /** {@code 5 of 14 images (35.71 %) also under another class: b/0.png (b) is a/0.png (a), ...}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d of %,d images (%.2f %%) also under another class%s%s",
        images,
        of,
        100 * fraction(),
        images == 0 ? "" : ": ",
        examples.stream().limit(NAMED).map(Pair::toString).collect(Collectors.joining(", ")));
  }
}
