package simsiam.pipelines.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.FolderLayout.Part;

/**
 * {@code train/CLASS/*} with {@code val/CLASS/*} or {@code test/CLASS/*}; or {@code CLASS/*} alone,
 * under the root or under {@code train/}, without splits of its own.
 */
record ClassFolders(Path root) implements FolderLayout {
  private static final String TRAIN = "train";

  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(root);
    if (!tree.isFolder(TRAIN)) {
      return List.of(part(SourceSplit.UNSPLIT, tree, ImageTree.ROOT, List.of()));
    }
    String test = tree.isFolder("val") ? "val" : "test";
    if (tree.isFolder(test)) {
      Part first = part(SourceSplit.TRAIN, tree, TRAIN, List.of());
      return List.of(first, part(SourceSplit.TEST, tree, test, first.classNames()));
    }
    boolean wrapper =
        tree.subfolders(ImageTree.ROOT).size() == 1 && !tree.subfolders(TRAIN).isEmpty();
    return List.of(part(SourceSplit.UNSPLIT, tree, wrapper ? TRAIN : ImageTree.ROOT, List.of()));
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
    requireClasses(tree, top, names, known);
    List<List<LabelledFile>> groups = new ArrayList<>();
    for (String name : names) {
      int label = classNames.indexOf(name);
      String folder = ImageTree.child(ImageTree.child(top, name), inner);
      List<LabelledFile> files =
          tree.filesBelow(folder).stream().map(file -> new LabelledFile(file, label)).toList();
      if (files.isEmpty()) {
        throw SourceProblem.of(
            "images in class folder " + name, "none (%s)".formatted(tree.place(folder)));
      }
      groups.add(files);
    }
    return new Part(split, tree.place(ImageTree.ROOT), classNames, groups);
  }

  private static void requireClasses(
      ImageTree tree, String top, List<String> names, List<String> known) {
    if (names.isEmpty()) {
      throw SourceProblem.of("class folders with images", "none (%s)".formatted(tree.place(top)));
    }
    if (known.isEmpty() && names.size() == 1) {
      throw SourceProblem.of(
          "at least two class folders (one class cannot be told from another;"
              + " dataset.source: unlabelled_folder needs none)",
          "%s alone (%s)".formatted(names.get(0), tree.place(top)));
    }
    for (String name : names) {
      if (!known.isEmpty() && !known.contains(name)) {
        throw SourceProblem.of(
            "the classes of train in %s".formatted(top),
            "class %s (%s)".formatted(name, tree.place(ImageTree.child(top, name))));
      }
    }
  }
}
