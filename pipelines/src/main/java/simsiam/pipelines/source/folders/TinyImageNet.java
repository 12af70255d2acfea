package simsiam.pipelines.source.folders;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.listing.TextLines.Line;

/**
 * Tiny ImageNet as it is published: {@code train/WNID/images/*}, {@code val/images/*} with {@code
 * val/val_annotations.txt} (file, wnid, box), names in {@code words.txt}; packed or not, or the
 * folder that holds either. Validation images that someone has moved into class folders are taken
 * too. The test images, whose labels are not public, are left aside.
 *
 * @see <a href="http://cs231n.stanford.edu/tiny-imagenet-200.zip">the set</a>
 */
public record TinyImageNet(Path path) implements FolderLayout {
  public static final String ARCHIVE = "tiny-imagenet-200.zip";
  public static final String FOLDER = "tiny-imagenet-200";
  private static final String ANNOTATIONS = "val/val_annotations.txt";
  private static final String VALIDATION = "val/images";
  private static final String WORDS = "words.txt";

  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(located());
    if (!tree.isFolder("train") || !tree.isFolder("val")) {
      throw SourceProblem.of(
          "folders train and val of Tiny ImageNet (or dataset.download: true)",
          "none (%s)".formatted(tree.place(ImageTree.ROOT)));
    }
    Part train = ClassFolders.part(SourceSplit.TRAIN, tree, "train", List.of(), "images");
    List<String> wnids = train.classNames();
    Optional<byte[]> annotations = tree.text(ANNOTATIONS);
    Part test =
        annotations.isPresent()
            ? annotated(tree, wnids, TextLines.of(tree.place(ANNOTATIONS), annotations.get()))
            : classFolders(tree, wnids);
    List<String> names = SynsetNames.of(wnids, words(tree));
    return List.of(train.named(names), test.named(names));
  }

  private Path located() {
    if (!Files.isDirectory(path)) {
      if (!Files.exists(path)) {
        throw SourceProblem.of(
            "the folder or archive of Tiny ImageNet (or dataset.download: true)", path);
      }
      return path;
    }
    if (!Files.isDirectory(path.resolve("train"))) {
      for (String inner : List.of(FOLDER, ARCHIVE)) {
        if (Files.exists(path.resolve(inner))) {
          return path.resolve(inner);
        }
      }
    }
    return path;
  }

  private static Part classFolders(ImageTree tree, List<String> wnids) {
    if (tree.isFolder(VALIDATION)) {
      throw SourceProblem.of(
          "a file val_annotations.txt with the classes of the validation images",
          "none (%s)".formatted(tree.place("val")));
    }
    return ClassFolders.part(SourceSplit.TEST, tree, "val", wnids);
  }

  private static Part annotated(ImageTree tree, List<String> wnids, TextLines lines) {
    Map<String, SourceFile> left = new TreeMap<>();
    ImageTree.Below found = tree.below(VALIDATION);
    for (SourceFile file : found.files()) {
      left.put(file.name().substring(VALIDATION.length() + 1), file);
    }
    List<SourceFile> files = new ArrayList<>();
    for (Line line : lines.lines()) {
      List<String> parts = line.parts("\t");
      int label = parts.size() < 2 ? -1 : wnids.indexOf(parts.get(1));
      if (label < 0) {
        throw SourceProblem.of(
            "a file and a class of train, separated by a tab",
            "'%s' (%s)".formatted(line.text(), line.place()));
      }
      SourceFile file = left.remove(parts.get(0));
      if (file == null) {
        throw SourceProblem.of(
            "an image of %s not named before".formatted(VALIDATION),
            "%s (%s)".formatted(parts.get(0), line.place()));
      }
      files.add(file.labelled(label));
    }
    if (!left.isEmpty()) {
      throw SourceProblem.of(
          "a line for each validation image",
          "none for %s (%s)".formatted(left.keySet().iterator().next(), tree.place(ANNOTATIONS)));
    }
    files.sort(Comparator.comparing(SourceFile::name));
    return new Part(
        SourceSplit.TEST,
        tree.place(ImageTree.ROOT),
        VALIDATION,
        wnids,
        ByLabel.of(files, tree.path(), wnids.size()),
        found.hidden());
  }

  private static Map<String, String> words(ImageTree tree) {
    Map<String, String> words = new TreeMap<>();
    tree.text(WORDS)
        .ifPresent(
            content -> {
              for (Line line : TextLines.of(tree.place(WORDS), content).lines()) {
                List<String> parts = line.parts("\t");
                if (parts.size() != 2) {
                  throw SourceProblem.of(
                      "a wnid and its words, separated by a tab",
                      "'%s' (%s)".formatted(line.text(), line.place()));
                }
                words.put(parts.get(0), parts.get(1));
              }
            });
    return words;
  }
}
