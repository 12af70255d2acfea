package simsiam.pipelines.source.folders;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.listing.TextLines.Line;

/**
 * ImageNet (ILSVRC 2012, classification) in a folder: for training the official {@code
 * ILSVRC2012_img_train.tar}, a tar of one tar a class, which stays packed, or {@code train/WNID/*};
 * for validation {@code ILSVRC2012_img_val.tar} or {@code val/}, whose images are in class folders
 * or side by side with a {@linkplain ValidationTruth list of their classes}. Names come from {@code
 * LOC_synset_mapping.txt} where it is there. Ids are those of class folders whichever form there
 * is: {@code train/n01440764/n01440764_18.JPEG}.
 *
 * @see <a href="https://image-net.org/challenges/LSVRC/2012/">the set</a>
 */
public record ImageNet(Path root) implements FolderLayout {
  static final String TRAIN_ARCHIVE = "ILSVRC2012_img_train.tar";
  static final String VAL_ARCHIVE = "ILSVRC2012_img_val.tar";
  private static final String NAMES = "LOC_synset_mapping.txt";

  @Override
  public List<Part> parts() {
    if (!Files.isDirectory(root)) {
      throw SourceProblem.of("the folder of ImageNet", root);
    }
    Part train = train();
    List<String> wnids = train.classNames();
    Part test = test(wnids);
    List<String> names = SynsetNames.of(wnids, names());
    return List.of(train.named(names), test.named(names));
  }

  private Part train() {
    if (Files.isDirectory(root.resolve("train"))) {
      return ClassFolders.part(SourceSplit.TRAIN, new DirectoryTree(root), "train", List.of());
    }
    Path archive = root.resolve(TRAIN_ARCHIVE);
    if (!Files.isRegularFile(archive)) {
      throw SourceProblem.of(
          "%s or a folder train".formatted(TRAIN_ARCHIVE), "none (%s)".formatted(root));
    }
    ArchiveTree tree = new ArchiveTree(ClassTars.index(archive));
    return ClassFolders.part(SourceSplit.TRAIN, tree, "train", List.of());
  }

  private Part test(List<String> wnids) {
    Path folder = root.resolve("val");
    if (Files.isDirectory(folder)) {
      ImageTree tree = new DirectoryTree(root);
      return tree.subfolders("val").isEmpty()
          ? listed(wnids, tree, "val", folder)
          : ClassFolders.part(SourceSplit.TEST, tree, "val", wnids);
    }
    Path archive = root.resolve(VAL_ARCHIVE);
    if (!Files.isRegularFile(archive)) {
      throw SourceProblem.of(
          "%s or a folder val".formatted(VAL_ARCHIVE), "none (%s)".formatted(root));
    }
    ImageTree tree = new ArchiveTree(ArchiveIndex.read(archive));
    return listed(wnids, tree, ImageTree.ROOT, archive);
  }

  private Part listed(List<String> wnids, ImageTree tree, String images, Path place) {
    ImageTree.Below found = tree.below(images);
    List<SourceFile> labelled = ValidationTruth.find(root, wnids).label(found.files());
    return new Part(
        SourceSplit.TEST,
        place.toString(),
        place.getFileName().toString(),
        wnids,
        ByLabel.of(labelled, tree.path(), wnids.size()),
        found.hidden());
  }

  private Map<String, String> names() {
    Map<String, String> names = new TreeMap<>();
    DirectoryTree tree = new DirectoryTree(root);
    tree.text(NAMES)
        .ifPresent(
            content -> {
              for (Line line : TextLines.of(tree.place(NAMES), content).lines()) {
                String[] parts = line.text().split(" ", 2);
                if (parts.length != 2) {
                  throw SourceProblem.of(
                      "a wnid and its words", "'%s' (%s)".formatted(line.text(), line.place()));
                }
                names.put(parts[0], parts[1]);
              }
            });
    return names;
  }
}
