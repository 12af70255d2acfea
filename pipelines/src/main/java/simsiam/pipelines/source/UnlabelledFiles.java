package simsiam.pipelines.source;

import java.nio.file.Path;
import java.util.List;

/** Files at any depth, without labels and splits. */
record UnlabelledFiles(Path root) implements FolderLayout {
  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(root);
    ImageTree.Below found = tree.below(ImageTree.ROOT);
    List<LabelledFile> files = found.files().stream().map(LabelledFile::unlabelled).toList();
    if (files.isEmpty()) {
      throw SourceProblem.of("a folder of images", "no files (%s)".formatted(root));
    }
    return List.of(
        new Part(
            SourceSplit.UNSPLIT,
            root.toString(),
            "all files",
            List.of(),
            List.of(files),
            found.hidden()));
  }
}
