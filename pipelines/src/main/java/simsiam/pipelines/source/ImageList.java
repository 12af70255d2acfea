package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import simsiam.model.data.ImageExample;

/**
 * A CSV or Parquet file that names images: column {@code path}, relative to the file's folder;
 * {@code label}, a class name or number, empty where unknown; {@code split}, train or test (also
 * val, validation). The last two may be missing. Classes are the labels there are, sorted, numbers
 * by value; a file {@code class_names.txt} beside the list, one name a line, fixes them, and labels
 * may then be positions in it, from 0.
 */
record ImageList(Path list) implements FolderLayout {
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
    Map<SourceSplit, List<LabelledFile>> splits = files(rows, classes);
    List<LabelledFile> test = splits.getOrDefault(SourceSplit.TEST, List.of());
    if (test.isEmpty()) {
      SourceSplit only = splits.keySet().iterator().next();
      return List.of(part(only, splits.get(only), classes));
    }
    if (!splits.containsKey(SourceSplit.TRAIN) || splits.containsKey(SourceSplit.UNSPLIT)) {
      throw SourceProblem.of("train or test in column split of each image, and both of them", list);
    }
    return List.of(
        part(SourceSplit.TRAIN, splits.get(SourceSplit.TRAIN), classes),
        part(SourceSplit.TEST, test, classes));
  }

  private Part part(SourceSplit split, List<LabelledFile> files, ListClasses classes) {
    return new Part(
        split,
        list.toString(),
        classes.names(),
        FolderLayout.byLabel(files, classes.names().size()));
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
        .orElseGet(() -> ListClasses.found(rows.stream().map(Row::label).toList()));
  }

  private Map<SourceSplit, List<LabelledFile>> files(List<Row> rows, ListClasses classes) {
    Map<SourceSplit, List<LabelledFile>> files = new HashMap<>();
    Map<String, String> places = new HashMap<>();
    for (Row row : rows) {
      RelativeName.requireInside(row.path(), row.place());
      ImageFile file = file(row);
      String before = places.put(file.name(), row.place());
      if (before != null) {
        throw SourceProblem.of(
            "each image once", "%s of %s again (%s)".formatted(row.path(), before, row.place()));
      }
      int label =
          row.label().isEmpty() ? ImageExample.UNKNOWN_LABEL : classes.of(row.label(), row.place());
      files
          .computeIfAbsent(split(row), key -> new ArrayList<>())
          .add(new LabelledFile(file, label));
    }
    return files;
  }

  private ImageFile file(Row row) {
    Path relative = Path.of(row.path()).normalize();
    Path file = folder().resolve(relative);
    if (row.path().isEmpty() || !Files.isRegularFile(file)) {
      throw SourceProblem.of(
          "an image file in column path", "none at '%s' (%s)".formatted(row.path(), row.place()));
    }
    SourceFile found = Directories.file(file);
    return new ImageFile(
        relative.toString().replace('\\', '/'), found.bytes(), new ImageFile.OnDisk(file));
  }

  private Path folder() {
    return list.toAbsolutePath().getParent();
  }

  private static SourceSplit split(Row row) {
    return switch (row.split().toLowerCase(Locale.ROOT)) {
      case "" -> SourceSplit.UNSPLIT;
      case "train" -> SourceSplit.TRAIN;
      case "test", "val", "validation" -> SourceSplit.TEST;
      default ->
          throw SourceProblem.of(
              "train or test (or val, validation) in column split",
              "'%s' (%s)".formatted(row.split(), row.place()));
    };
  }
}
