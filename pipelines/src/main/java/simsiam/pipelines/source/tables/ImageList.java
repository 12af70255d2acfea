package simsiam.pipelines.source.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import simsiam.model.data.ImageExample;
import simsiam.pipelines.source.folders.DirectoryTree;
import simsiam.pipelines.source.folders.FolderLayout;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.SplitName;
import simsiam.pipelines.source.listing.TextLines;

/**
 * A CSV or Parquet file that names images: column {@code path}, relative to the file's folder;
 * {@code label}, a class name or number, empty or -1 where unknown; {@code split}, train or test or
 * another {@linkplain SplitName name} of these, for each image or for none; validation images are
 * tested with the others. The last two columns may be missing. Classes are the labels there are,
 * sorted, numbers by value; a file {@code class_names.txt} beside the list, one name a line, fixes
 * them, and labels may then be positions in it, from 0.
 */
public record ImageList(Path list) implements FolderLayout {
  private static final String CLASS_NAMES = "class_names.txt";

  /** One image as the list names it. */
  record Row(String path, String label, String split, String place) {}

  @Override
  public List<Part> parts() {
    if (!Files.isRegularFile(list)) {
      throw SourceProblem.of("a list of images (.csv or .parquet)", list);
    }
    List<Row> rows = ListRows.read(list);
    if (rows.isEmpty()) {
      throw SourceProblem.of("a list with images", "none (%s)".formatted(list));
    }
    ListClasses classes = classes(rows);
    Map<SourceSplit, List<SourceFile>> splits = files(rows, classes);
    Set<SourceSplit> there = splits.keySet();
    boolean mixed = there.contains(SourceSplit.UNSPLIT) && there.size() > 1;
    if (mixed || there.equals(Set.of(SourceSplit.TEST))) {
      throw SourceProblem.of(
          "train or test in column split of each image, and both of them, or nothing there at all",
          "%s (%s)"
              .formatted(
                  splits.entrySet().stream()
                      .map(split -> rows(split.getKey(), split.getValue().size()))
                      .collect(Collectors.joining(", ")),
                  list));
    }
    return splits.entrySet().stream()
        .map(split -> part(split.getKey(), split.getValue(), classes))
        .toList();
  }

  private static String rows(SourceSplit split, int rows) {
    return split == SourceSplit.UNSPLIT
        ? "%s of no split".formatted(rows)
        : "%s of %s".formatted(rows, split.name().toLowerCase(Locale.ROOT));
  }

  private Part part(SourceSplit split, List<SourceFile> files, ListClasses classes) {
    return new Part(
        split,
        list.toString(),
        split == SourceSplit.UNSPLIT
            ? "all rows"
            : "rows of " + split.name().toLowerCase(Locale.ROOT),
        classes.names(),
        FolderLayout.byLabel(files, classes.names().size()),
        List.of());
  }

  private ListClasses classes(List<Row> rows) {
    DirectoryTree folder = new DirectoryTree(folder());
    return folder
        .text(CLASS_NAMES)
        .map(
            content ->
                ListClasses.named(
                    TextLines.of(folder.place(CLASS_NAMES), content).lines().stream()
                        .map(line -> line.text().strip())
                        .toList(),
                    folder.place(CLASS_NAMES)))
        .orElseGet(
            () -> ListClasses.found(rows.stream().map(Row::label).toList(), list.toString()));
  }

  private Map<SourceSplit, List<SourceFile>> files(List<Row> rows, ListClasses classes) {
    Map<SourceSplit, List<SourceFile>> files = new EnumMap<>(SourceSplit.class);
    Map<String, String> places = new HashMap<>();
    for (Row row : rows) {
      RelativeName.requireInside(row.path(), row.place());
      SourceFile file = file(row);
      String before = places.put(file.name(), row.place());
      if (before != null) {
        throw SourceProblem.of(
            "each image once", "%s of %s again (%s)".formatted(row.path(), before, row.place()));
      }
      int label =
          classes.unknown(row.label())
              ? ImageExample.UNKNOWN_LABEL
              : classes.of(row.label(), row.place());
      files.computeIfAbsent(split(row), key -> new ArrayList<>()).add(file.labelled(label));
    }
    return files;
  }

  private SourceFile file(Row row) {
    if (row.path().isEmpty()) {
      throw SourceProblem.of("an image file in column path", "none (%s)".formatted(row.place()));
    }
    Path relative = Path.of(row.path()).normalize();
    return Directories.imageFile(
        relative.toString().replace('\\', '/'), folder().resolve(relative), row.place());
  }

  private Path folder() {
    return list.toAbsolutePath().getParent();
  }

  private static SourceSplit split(Row row) {
    if (row.split().isEmpty()) {
      return SourceSplit.UNSPLIT;
    }
    return SplitName.of(row.split())
        .map(name -> name == SplitName.TRAIN ? SourceSplit.TRAIN : SourceSplit.TEST)
        .orElseThrow(
            () ->
                SourceProblem.of(
                    "a split, %s, in column split".formatted(SplitName.table()),
                    "'%s' (%s)".formatted(row.split(), row.place())));
  }
}
