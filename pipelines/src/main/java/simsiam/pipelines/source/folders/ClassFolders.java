package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import simsiam.pipelines.source.digest.InOrder;
import simsiam.pipelines.source.folders.FolderLayout.Part;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.SplitName;
import simsiam.pipelines.spool.SpooledList;

/**
 * {@code train/CLASS/*} with {@code val/CLASS/*} or {@code test/CLASS/*}, or other {@linkplain
 * SplitName names} of these; or {@code CLASS/*} alone, under the root or under a single {@code
 * train/}, without splits of its own. A class that is called like a split is refused where it may
 * be one: with splits taken for classes, evaluation would tell splits apart.
 */
public record ClassFolders(Path root) implements FolderLayout {
  /** Of these the first is for testing; where none is there, validation comes before test. */
  private static final List<String> TESTED_FIRST = List.of("val", "test");

  private static final String TRAIN = "train";
  private static final int NAMED = 10;

  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(root);
    List<String> folders = tree.subfolders(ImageTree.ROOT);
    Optional<String> train = named(tree, folders, SplitName.TRAIN);
    Optional<String> test =
        TESTED_FIRST.stream()
            .filter(folders::contains)
            .findFirst()
            .or(() -> named(tree, folders, SplitName.VALIDATION))
            .or(() -> named(tree, folders, SplitName.TEST));
    if (train.isPresent() && test.isPresent()) {
      return splits(tree, folders, train.get(), test.get());
    }
    boolean alone = train.isPresent() && folders.size() == 1;
    String top = alone && !tree.subfolders(train.get()).isEmpty() ? train.get() : ImageTree.ROOT;
    Part all = part(SourceSplit.UNSPLIT, tree, top, List.of());
    List<String> classes = all.classNames();
    if (likeSplits(classes)) {
      throw likeASplit(tree, top, classes);
    }
    return List.of(
        top.isEmpty() ? all : and(all, tree.beside(ImageTree.ROOT, SkippedFile.NOT_USED)));
  }

  private static List<Part> splits(
      ImageTree tree, List<String> folders, String train, String test) {
    Part first = part(SourceSplit.TRAIN, tree, train, List.of());
    List<String> classes = first.classNames();
    boolean nested =
        classes.stream().anyMatch(name -> SplitName.of(name).equals(Optional.of(SplitName.TRAIN)))
            && classes.stream().filter(name -> SplitName.of(name).isPresent()).count() > 1;
    if (nested) {
      throw likeASplit(tree, train, classes);
    }
    SpooledList.Builder<SkippedFile> others = SpooledList.builder(SkippedFile.FORM);
    tree.beside(ImageTree.ROOT, SkippedFile.NOT_USED).forEach(others::add);
    for (String name : folders) {
      if (!name.equals(train) && !name.equals(test)) {
        others.add(new SkippedFile(name + "/", SkippedFile.NOT_USED));
      }
    }
    return List.of(and(first, others.build()), part(SourceSplit.TEST, tree, test, classes));
  }

  /** The folder of that split: the one called like it exactly, or the only one. */
  private static Optional<String> named(ImageTree tree, List<String> folders, SplitName split) {
    List<String> found =
        folders.stream().filter(name -> SplitName.of(name).equals(Optional.of(split))).toList();
    if (found.contains(TRAIN)) {
      return Optional.of(TRAIN);
    }
    if (found.size() > 1) {
      throw SourceProblem.of(
          "one folder of each split",
          "%s (%s)".formatted(String.join(" and ", found), tree.place(ImageTree.ROOT)));
    }
    return found.stream().findFirst();
  }

  /** Whether a class is called like a split, or two have those of different ones in their names. */
  private static boolean likeSplits(List<String> classes) {
    return classes.stream().anyMatch(name -> SplitName.of(name).isPresent())
        || classes.stream().map(SplitName::within).flatMap(Optional::stream).distinct().count() > 1;
  }

  private static RuntimeException likeASplit(ImageTree tree, String top, List<String> classes) {
    String seen =
        classes.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (classes.size() > NAMED ? ", ..." : "");
    return SourceProblem.of(
        "a folder to train on with one to test on beside it, called %s, or class folders alone, none called so (rename it, or name its images in a list: dataset.source: image_list)"
            .formatted(SplitName.table()),
        "%s (%s)".formatted(seen, tree.place(top)));
  }

  private static Part and(Part part, List<SkippedFile> more) {
    SpooledList.Builder<SkippedFile> skipped = SpooledList.builder(SkippedFile.FORM);
    more.forEach(skipped::add);
    part.skipped().forEach(skipped::add);
    return new Part(
        part.split(), part.place(), part.from(), part.classNames(), part.groups(), skipped.build());
  }

  /**
   * The class folders in a folder.
   *
   * @param known class names that the folders must be among; empty: they make the classes
   */
  static Part part(SourceSplit split, ImageTree tree, String top, List<String> known) {
    return part(split, tree, top, known, ImageTree.ROOT);
  }

  /**
   * The same where the images are in a folder of that name inside each class folder, which has
   * other files beside it.
   */
  static Part part(
      SourceSplit split, ImageTree tree, String top, List<String> known, String inner) {
    List<String> names = tree.subfolders(top);
    List<String> classNames = known.isEmpty() ? names : known;
    List<SkippedFile> beside = tree.beside(top, SkippedFile.NO_CLASS);
    requireClasses(tree, top, names, known, beside);
    SpooledList.Builder<SkippedFile> skipped = SpooledList.builder(SkippedFile.FORM);
    beside.forEach(skipped::add);
    List<List<SourceFile>> groups = new ArrayList<>();
    Map<String, Integer> labels = new HashMap<>();
    classNames.forEach(name -> labels.put(name, labels.size()));
    Iterator<String> left = names.iterator();
    InOrder.forEach(
        names.iterator(),
        1,
        name -> tree.below(ImageTree.child(ImageTree.child(top, name), inner)),
        found -> {
          String name = left.next();
          if (found.files().isEmpty()) {
            String folder = ImageTree.child(ImageTree.child(top, name), inner);
            throw SourceProblem.of(
                "images in class folder " + name, "none (%s)".formatted(tree.place(folder)));
          }
          groups.add(new LabelledFiles(found.files(), labels.get(name)));
          found.hidden().forEach(skipped::add);
        });
    String from = top.isEmpty() ? "class folders" : top + "/";
    return new Part(split, tree.place(ImageTree.ROOT), from, classNames, groups, skipped.build());
  }

  private static void requireClasses(
      ImageTree tree,
      String top,
      List<String> names,
      List<String> known,
      List<SkippedFile> skipped) {
    String hidden =
        skipped.stream()
            .filter(file -> file.reason().equals(SkippedFile.HIDDEN) && file.name().endsWith("/"))
            .map(file -> ", %s is hidden".formatted(file.name()))
            .collect(Collectors.joining());
    if (names.isEmpty()) {
      throw SourceProblem.of(
          "class folders with images", "none%s (%s)".formatted(hidden, tree.place(top)));
    }
    if (known.isEmpty() && names.size() == 1) {
      throw SourceProblem.of(
          "at least two class folders (one class cannot be told from another;"
              + " dataset.source: unlabelled_folder needs none)",
          "%s alone%s (%s)".formatted(names.get(0), hidden, tree.place(top)));
    }
    for (String name : names) {
      if (!known.isEmpty() && !known.contains(name)) {
        throw SourceProblem.of(
            "the classes of train in %s".formatted(top),
            "class %s (%s)".formatted(name, tree.place(ImageTree.child(top, name))));
      }
    }
  }

  /** A list of files under one class; it is not copied for that. */
  private static final class LabelledFiles extends AbstractList<SourceFile> {
    private final List<SourceFile> files;
    private final int label;

    LabelledFiles(List<SourceFile> files, int label) {
      this.files = files;
      this.label = label;
    }

    @Override
    public SourceFile get(int index) {
      return files.get(index).labelled(label);
    }

    @Override
    public int size() {
      return files.size();
    }

    @Override
    public Iterator<SourceFile> iterator() {
      Iterator<SourceFile> left = files.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return left.hasNext();
        }

        @Override
        public SourceFile next() {
          return left.next().labelled(label);
        }
      };
    }
  }
}
