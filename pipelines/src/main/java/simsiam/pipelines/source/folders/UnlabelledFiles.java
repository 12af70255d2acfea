package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;

/** Files at any depth, without labels and splits. */
public record UnlabelledFiles(Path root) implements FolderLayout {
  @Override
  public List<Part> parts() {
    ImageTree tree = ImageTree.open(root);
    ImageTree.Below found = tree.below(ImageTree.ROOT);
    List<SourceFile> files = found.files();
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
