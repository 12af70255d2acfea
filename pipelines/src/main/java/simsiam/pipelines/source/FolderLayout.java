package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.FolderSource.LabelledFile;

/** How a tree of image files is to be read. */
enum FolderLayout {
  /**
   * {@code train/CLASS/*} with {@code val/CLASS/*} or {@code test/CLASS/*}; or {@code CLASS/*}
   * alone, under the root or under {@code train/}, without splits of its own.
   */
  CLASS_FOLDERS {
    @Override
    List<Part> parts(Path root) {
      Path train = root.resolve("train");
      if (!Files.isDirectory(train)) {
        return List.of(labelled(SourceSplit.UNSPLIT, root, root, List.of()));
      }
      Path test =
          Files.isDirectory(root.resolve("val")) ? root.resolve("val") : root.resolve("test");
      if (Files.isDirectory(test)) {
        Part first = labelled(SourceSplit.TRAIN, root, train, List.of());
        return List.of(first, labelled(SourceSplit.TEST, root, test, first.classNames()));
      }
      boolean wrapper =
          Directories.subfolders(root).size() == 1 && !Directories.subfolders(train).isEmpty();
      return List.of(labelled(SourceSplit.UNSPLIT, root, wrapper ? train : root, List.of()));
    }
  },
  /** Files at any depth, without labels and splits. */
  UNLABELLED {
    @Override
    List<Part> parts(Path root) {
      List<LabelledFile> files =
          Directories.filesBelow(root, root).stream().map(LabelledFile::unlabelled).toList();
      if (files.isEmpty()) {
        throw SourceProblem.of("a folder of images", "no files (%s)".formatted(root));
      }
      return List.of(new Part(SourceSplit.UNSPLIT, List.of(), List.of(files)));
    }
  };

  /** Splits and classes with their files. */
  abstract List<Part> parts(Path root);

  /**
   * The files of one split.
   *
   * @param classNames by label; empty where there are no labels
   * @param groups files of each class, by name
   */
  record Part(SourceSplit split, List<String> classNames, List<List<LabelledFile>> groups) {
    /** One file of each class in turn, so that the first n hold all classes. */
    List<LabelledFile> interleaved() {
      List<LabelledFile> files = new ArrayList<>();
      int longest = groups.stream().mapToInt(List::size).max().orElse(0);
      for (int i = 0; i < longest; i++) {
        for (List<LabelledFile> group : groups) {
          if (i < group.size()) {
            files.add(group.get(i));
          }
        }
      }
      return files;
    }
  }

  /**
   * Class folders.
   *
   * @param known class names that the folders must be among; empty: they make the classes
   */
  private static Part labelled(SourceSplit split, Path root, Path top, List<String> known) {
    List<Path> folders = Directories.subfolders(top);
    List<String> names = folders.stream().map(folder -> folder.getFileName().toString()).toList();
    List<String> classNames = known.isEmpty() ? names : known;
    requireClasses(top, names, known);
    List<List<LabelledFile>> groups = new ArrayList<>();
    for (Path folder : folders) {
      int label = classNames.indexOf(folder.getFileName().toString());
      List<LabelledFile> files =
          Directories.filesBelow(root, folder).stream()
              .map(file -> new LabelledFile(file, label))
              .toList();
      if (files.isEmpty()) {
        throw SourceProblem.of(
            "images in class folder " + folder.getFileName(), "none (%s)".formatted(folder));
      }
      groups.add(files);
    }
    return new Part(split, classNames, groups);
  }

  private static void requireClasses(Path top, List<String> names, List<String> known) {
    if (names.isEmpty()) {
      throw SourceProblem.of("class folders with images", "none (%s)".formatted(top));
    }
    if (known.isEmpty() && names.size() == 1) {
      throw SourceProblem.of(
          "at least two class folders (one class cannot be told from another;"
              + " dataset.source: unlabelled_folder needs none)",
          "%s alone (%s)".formatted(names.get(0), top));
    }
    for (String name : names) {
      if (!known.isEmpty() && !known.contains(name)) {
        throw SourceProblem.of(
            "the classes of train in %s".formatted(top.getFileName()),
            "class %s (%s)".formatted(name, top.resolve(name)));
      }
    }
  }
}
