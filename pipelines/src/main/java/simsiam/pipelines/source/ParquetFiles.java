package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import simsiam.model.data.ForeignTable;

/**
 * The Parquet files of a set.
 *
 * @param files of the splits in use, by split and name
 */
record ParquetFiles(List<SplitFile> files, HubFeatures features) {
  private static final String SUFFIX = ".parquet";

  /** Names by which a split goes, the one preferred for testing first. */
  private static final List<List<String>> SPLITS =
      List.of(List.of("train"), List.of("validation", "valid", "val", "dev"), List.of("test"));

  /**
   * A file of a split.
   *
   * @param groupRows rows of each row group
   */
  record SplitFile(SourceSplit split, SourceFile file, List<Long> groupRows) {}

  /** The splits there are, training first. */
  List<SourceSplit> splits() {
    return files.stream().map(SplitFile::split).distinct().toList();
  }

  List<SplitFile> of(SourceSplit split) {
    return files.stream().filter(file -> file.split() == split).toList();
  }

  /** The files at a path; validation images are for testing, or test ones where there are none. */
  static ParquetFiles find(Path path) {
    List<SourceFile> found =
        Files.isDirectory(path)
            ? Directories.filesBelow(path, path).stream()
                .filter(file -> file.name().toLowerCase(Locale.ROOT).endsWith(SUFFIX))
                .toList()
            : List.of(Directories.file(path));
    if (found.isEmpty()) {
      throw SourceProblem.of("Parquet files", "none (%s)".formatted(path));
    }
    List<List<SourceFile>> bySplit = new ArrayList<>();
    SPLITS.forEach(names -> bySplit.add(new ArrayList<>()));
    List<SourceFile> others = new ArrayList<>();
    for (SourceFile file : found) {
      int split = split(file.name());
      (split < 0 ? others : bySplit.get(split)).add(file);
    }
    List<SourceFile> test = bySplit.get(1).isEmpty() ? bySplit.get(2) : bySplit.get(1);
    boolean split = !bySplit.get(0).isEmpty() && !test.isEmpty();
    if (split && !others.isEmpty()) {
      throw SourceProblem.of(
          "names of files or folders that begin with train, validation or test",
          "%s (%s)".formatted(others.get(0).name(), path));
    }
    if (!split) {
      return open(List.of(found), List.of(SourceSplit.UNSPLIT));
    }
    return open(List.of(bySplit.get(0), test), List.of(SourceSplit.TRAIN, SourceSplit.TEST));
  }

  private static ParquetFiles open(List<List<SourceFile>> groups, List<SourceSplit> splits) {
    List<SplitFile> files = new ArrayList<>();
    HubFeatures features = null;
    for (int i = 0; i < groups.size(); i++) {
      List<SourceFile> sorted =
          groups.get(i).stream().sorted(Comparator.comparing(SourceFile::name)).toList();
      for (SourceFile file : sorted) {
        try (ForeignTable table = ForeignTable.open(file.path())) {
          HubFeatures own = HubFeatures.of(table, file.path());
          if (features != null && !features.equals(own)) {
            throw SourceProblem.of(
                "the same columns and classes in all files",
                "%s, unlike %s (%s)".formatted(own, features, file.path()));
          }
          features = own;
          files.add(
              new SplitFile(
                  splits.get(i),
                  file,
                  IntStream.range(0, table.rowGroups()).mapToObj(table::rowGroupRows).toList()));
        } catch (IllegalStateException e) {
          throw SourceProblem.of("a Parquet file of images", e.getMessage());
        }
      }
    }
    return new ParquetFiles(files, features);
  }

  /** Position in {@link #SPLITS} of what a part of the name begins with, or -1. */
  private static int split(String name) {
    for (String part : name.toLowerCase(Locale.ROOT).split("/", -1)) {
      String word = part.split("[^a-z]", 2)[0];
      for (int i = 0; i < SPLITS.size(); i++) {
        if (SPLITS.get(i).contains(word)) {
          return i;
        }
      }
    }
    return -1;
  }
}
