package simsiam.pipelines.source.listing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Files of many images each, by the {@linkplain SplitName splits} that their names or folders say;
 * validation images are for testing, or test ones where there are none.
 *
 * @param splits there are, training first
 * @param files of each of them
 * @param unused files of a split that is not read
 */
public record FileSplits(
    List<SourceSplit> splits, List<List<SourceFile>> files, List<SkippedFile> unused) {
  /**
   * Tells files apart.
   *
   * @param place of them all, for messages
   */
  public static FileSplits of(List<SourceFile> found, String place) {
    Map<Optional<SplitName>, List<SourceFile>> named =
        found.stream().collect(Collectors.groupingBy(file -> split(file.name())));
    List<SourceFile> others = named.getOrDefault(Optional.<SplitName>empty(), List.of());
    List<SourceFile> train = named.getOrDefault(Optional.of(SplitName.TRAIN), List.of());
    List<SourceFile> validation = named.getOrDefault(Optional.of(SplitName.VALIDATION), List.of());
    List<SourceFile> test = named.getOrDefault(Optional.of(SplitName.TEST), List.of());
    boolean split = !train.isEmpty() && !(validation.isEmpty() && test.isEmpty());
    if (split ? !others.isEmpty() : named.size() > 1) {
      throw SourceProblem.of(
          "names of files or folders that say a split, %s, one to train on among them, or none that does"
              .formatted(SplitName.table()),
          "%s (%s)"
              .formatted(
                  named.values().stream()
                      .map(files -> files.get(0).name())
                      .sorted()
                      .collect(Collectors.joining(", ")),
                  place));
    }
    if (!split) {
      return new FileSplits(List.of(SourceSplit.UNSPLIT), List.of(found), List.of());
    }
    List<SkippedFile> unused = new ArrayList<>();
    if (!validation.isEmpty()) {
      test.forEach(file -> unused.add(new SkippedFile(file.name(), SkippedFile.NOT_USED)));
    }
    return new FileSplits(
        List.of(SourceSplit.TRAIN, SourceSplit.TEST),
        List.of(train, validation.isEmpty() ? test : validation),
        unused);
  }

  /** The split that a part of the name begins with, else one that is a word of it. */
  private static Optional<SplitName> split(String name) {
    return Arrays.stream(name.split("/", -1))
        .map(part -> SplitName.of(part.split("[^A-Za-z]", 2)[0]))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> SplitName.within(name));
  }
}
