package simsiam.pipelines.source.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSet;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.folders.ByLabel;
import simsiam.pipelines.source.folders.DirectoryTree;
import simsiam.pipelines.source.folders.FolderLayout;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.SplitName;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.spool.EachOnce;
import simsiam.pipelines.spool.SpooledList;

/**
 * A CSV or Parquet file that names images: column {@code path}, relative to the file's folder;
 * {@code label}, a class name or number, empty or -1 where unknown; {@code split}, train or test or
 * another {@linkplain SplitName name} of these, for each image or for none; validation images are
 * tested with the others. The last two columns may be missing. Classes are the labels there are,
 * sorted, numbers by value; a file {@code class_names.txt} beside the list, one name a line, fixes
 * them, and labels may then be positions in it, from 0.
 *
 * <p>With a separator an image may show several classes: column {@code labels} has them all, and
 * {@code ignored_labels}, if there is one, those of which the image says nothing (see {@link
 * LabelSet}). An empty cell says that it shows none, and -1 that nothing is known of it.
 *
 * @param separator between the classes of an image; empty: it has one
 */
public record ImageList(Path list, String separator) implements FolderLayout {
  static final String LABEL = "label";
  static final String LABELS = "labels";
  private static final String CLASS_NAMES = "class_names.txt";

  /** A list of images with one class each. */
  public ImageList(Path list) {
    this(list, "");
  }

  /**
   * One image as the list names it.
   *
   * @param label cell of its class or classes
   * @param ignored cell of the classes of which it says nothing
   */
  record Row(String path, String label, String ignored, String split, String place) {}

  @Override
  public List<Part> parts() {
    if (!Files.isRegularFile(list)) {
      throw SourceProblem.of("a list of images (.csv or .parquet)", list);
    }
    SpooledList<Row> rows = ListRows.read(list, column());
    if (rows.isEmpty()) {
      throw SourceProblem.of("a list with images", "none (%s)".formatted(list));
    }
    ListClasses classes = classes(rows);
    LabelSpace space = space(rows, classes);
    Map<SourceSplit, ByLabel> splits = files(rows, classes, space);
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
        .map(split -> part(split.getKey(), split.getValue(), space))
        .toList();
  }

  private static String rows(SourceSplit split, int rows) {
    return split == SourceSplit.UNSPLIT
        ? "%s of no split".formatted(rows)
        : "%s of %s".formatted(rows, split.name().toLowerCase(Locale.ROOT));
  }

  private Part part(SourceSplit split, ByLabel files, LabelSpace space) {
    return new Part(
        split,
        list.toString(),
        split == SourceSplit.UNSPLIT
            ? "all rows"
            : "rows of " + split.name().toLowerCase(Locale.ROOT),
        space,
        files.groups(),
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
                    column(),
                    folder.place(CLASS_NAMES)))
        .orElseGet(
            () ->
                ListClasses.found(
                    rows.stream().flatMap(row -> labels(row).stream()).collect(Collectors.toSet()),
                    column(),
                    list.toString()));
  }

  private String column() {
    return separator.isEmpty() ? LABEL : LABELS;
  }

  /** All that a row names. */
  private List<String> labels(Row row) {
    List<String> labels = new ArrayList<>(split(row.label(), row.place()));
    labels.addAll(split(row.ignored(), row.place()));
    return labels;
  }

  /** The labels in a cell. */
  private List<String> split(String cell, String place) {
    if (separator.isEmpty()) {
      return List.of(cell);
    }
    if (cell.isEmpty()) {
      return List.of();
    }
    List<String> labels =
        Arrays.stream(cell.split(Pattern.quote(separator), -1)).map(String::strip).toList();
    if (labels.contains("") || labels.stream().distinct().count() < labels.size()) {
      throw SourceProblem.of(
          "classes, each once, with '%s' between them".formatted(separator),
          "'%s' (%s)".formatted(cell, place));
    }
    return labels;
  }

  /** What labels stand for; those of all rows are known. */
  private LabelSpace space(List<Row> rows, ListClasses classes) {
    if (separator.isEmpty()) {
      rows.forEach(row -> label(row, classes));
      return LabelSpace.of(classes.names());
    }
    Set<LabelSet> sets = new HashSet<>();
    rows.forEach(row -> labelSet(row, classes).ifPresent(sets::add));
    LabelSpace space = LabelSpace.of(classes.names(), sets);
    if (classes.names().isEmpty() || !space.multiLabel()) {
      throw SourceProblem.of(
          "classes of some images in column labels", "none (%s)".formatted(list));
    }
    return space;
  }

  private static int label(Row row, ListClasses classes) {
    return classes.unknown(row.label())
        ? ImageExample.UNKNOWN_LABEL
        : classes.of(row.label(), row.place());
  }

  private int label(Row row, ListClasses classes, LabelSpace space) {
    return separator.isEmpty()
        ? label(row, classes)
        : labelSet(row, classes).map(space::label).orElse(ImageExample.UNKNOWN_LABEL);
  }

  private Optional<LabelSet> labelSet(Row row, ListClasses classes) {
    if (!row.label().isEmpty() && classes.unknown(row.label())) {
      return Optional.empty();
    }
    List<Integer> present = indices(row.label(), row, classes);
    List<Integer> ignored = indices(row.ignored(), row, classes);
    if (ignored.stream().anyMatch(present::contains)) {
      throw SourceProblem.of(
          "classes in labels or in ignored_labels",
          "'%s' and '%s' (%s)".formatted(row.label(), row.ignored(), row.place()));
    }
    return Optional.of(new LabelSet(present, ignored));
  }

  private List<Integer> indices(String cell, Row row, ListClasses classes) {
    return split(cell, row.place()).stream().map(label -> classes.of(label, row.place())).toList();
  }

  private Map<SourceSplit, ByLabel> files(List<Row> rows, ListClasses classes, LabelSpace space) {
    Map<SourceSplit, ByLabel> files = new EnumMap<>(SourceSplit.class);
    EachOnce names = new EachOnce();
    for (Row row : rows) {
      RelativeName.requireInside(row.path(), row.place());
      SourceFile file = file(row);
      names.add(file.name());
      files
          .computeIfAbsent(split(row), split -> new ByLabel(folder(), space.labels()))
          .add(file.labelled(label(row, classes, space)));
    }
    names
        .first()
        .ifPresent(
            twice -> {
              Row row = rows.get(twice.again());
              throw SourceProblem.of(
                  "each image once",
                  "%s of %s again (%s)"
                      .formatted(row.path(), rows.get(twice.before()).place(), row.place()));
            });
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
