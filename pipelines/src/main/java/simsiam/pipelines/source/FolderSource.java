package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import simsiam.model.data.ImageExample;

/**
 * A tree of image files. Every file that is not hidden counts as an image: what is none is rejected
 * and counted, not overlooked.
 */
final class FolderSource implements ImageSource {
  private final Path root;
  private final FolderLayout layout;
  private final int limit;
  private List<FolderLayout.Part> parts;

  /**
   * @param limit first n images of each split; 0: all
   */
  FolderSource(Path root, FolderLayout layout, int limit) {
    this.root = root;
    this.layout = layout;
    this.limit = limit;
  }

  @Override
  public List<String> classNames() {
    return parts().get(0).classNames();
  }

  @Override
  public boolean hasTestSplit() {
    return parts().size() > 1;
  }

  @Override
  public void check() {
    parts();
  }

  @Override
  public List<SourceChunk> chunks(Path scratch) {
    List<SourceChunk> chunks = new ArrayList<>();
    for (FolderLayout.Part part : parts()) {
      List<LabelledFile> files = limited(part);
      int first = 0;
      for (int end : Chunking.fileEnds(files.stream().map(LabelledFile::file).toList())) {
        List<LabelledFile> run = files.subList(first, end);
        chunks.add(
            new FileChunk(
                part.split(),
                root.toString(),
                run.stream().map(file -> file.file().name()).toList(),
                run.stream().map(LabelledFile::label).toList()));
        first = end;
      }
    }
    return chunks;
  }

  @Override
  public OptionalLong mostTrainImages() {
    return OptionalLong.of(limited(parts().get(0)).size());
  }

  @Override
  public String digest(DigestCache cache) {
    List<SourceFile> files = new ArrayList<>();
    for (FolderLayout.Part part : parts()) {
      limited(part).forEach(file -> files.add(file.file()));
    }
    return SourceDigest.of(layout.name(), classNames(), files, cache);
  }

  private List<LabelledFile> limited(FolderLayout.Part part) {
    List<LabelledFile> files = part.interleaved();
    return limit == 0 ? files : files.subList(0, Math.min(limit, files.size()));
  }

  private synchronized List<FolderLayout.Part> parts() {
    if (parts == null) {
      if (!Files.isDirectory(root)) {
        throw SourceProblem.of("a folder of images", root);
      }
      parts = layout.parts(root);
    }
    return parts;
  }

  /** An image file and its class index, or -1. */
  record LabelledFile(SourceFile file, int label) {
    static LabelledFile unlabelled(SourceFile file) {
      return new LabelledFile(file, ImageExample.UNKNOWN_LABEL);
    }
  }
}
