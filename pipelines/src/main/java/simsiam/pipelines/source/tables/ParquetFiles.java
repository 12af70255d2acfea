package simsiam.pipelines.source.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import simsiam.model.data.table.ForeignTable;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.FileSplits;
import simsiam.pipelines.source.listing.FilesOfKind;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * The Parquet files of a set.
 *
 * @param files of the splits in use, by split and name
 * @param skipped other files of the folder
 */
record ParquetFiles(List<SplitFile> files, HubFeatures features, List<SkippedFile> skipped) {
  private static final String SUFFIX = ".parquet";

  /**
   * A file of a split.
   *
   * @param groupRows rows of each row group
   * @param mayHaveLabels false where it is known that no row has one
   */
  record SplitFile(
      SourceSplit split, SourceFile file, List<Long> groupRows, boolean mayHaveLabels) {}

  /** The splits there are, training first. */
  List<SourceSplit> splits() {
    return files.stream().map(SplitFile::split).distinct().toList();
  }

  List<SplitFile> of(SourceSplit split) {
    return files.stream().filter(file -> file.split() == split).toList();
  }

  /**
   * The files at a path; validation images are for testing, or test ones where there are none.
   *
   * @param labelColumn column of class numbers; empty: the one that is called like labels
   */
  static ParquetFiles find(Path path, String labelColumn) {
    FilesOfKind found =
        Files.isDirectory(path)
            ? FilesOfKind.in(path, "Parquet files", ParquetFiles::isParquet, Set.of())
            : FilesOfKind.of(List.of(Directories.file(path)));
    if (found.files().isEmpty()) {
      throw SourceProblem.of("Parquet files", "none (%s)".formatted(path));
    }
    FileSplits splits = FileSplits.of(found.files(), path.toString());
    List<SkippedFile> skipped = found.skippedWith(splits.unused());
    return open(splits.files(), splits.splits(), skipped, labelColumn);
  }

  private static boolean isParquet(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  private static ParquetFiles open(
      List<List<SourceFile>> groups,
      List<SourceSplit> splits,
      List<SkippedFile> skipped,
      String labelColumn) {
    List<SplitFile> files = new ArrayList<>();
    HubFeatures features = null;
    for (int i = 0; i < groups.size(); i++) {
      List<SourceFile> sorted =
          groups.get(i).stream().sorted(Comparator.comparing(SourceFile::name)).toList();
      for (SourceFile file : sorted) {
        try (ForeignTable table = ForeignTable.open(file.path())) {
          HubFeatures own = HubFeatures.of(table, file.path(), labelColumn);
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
                  IntStream.range(0, table.rowGroups()).mapToObj(table::rowGroupRows).toList(),
                  mayHaveLabels(table, own.label())));
        } catch (IllegalStateException e) {
          throw SourceProblem.of("a Parquet file of images", e.getMessage());
        }
      }
    }
    return new ParquetFiles(files, features, skipped);
  }

  private static boolean mayHaveLabels(ForeignTable table, String label) {
    return !label.isEmpty()
        && !IntStream.range(0, table.rowGroups())
            .allMatch(group -> table.allNegative(group, label));
  }
}
