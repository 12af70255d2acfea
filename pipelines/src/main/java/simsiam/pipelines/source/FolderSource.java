package simsiam.pipelines.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A set of image files, on disk or in archives that stay packed. Every file that is not hidden
 * counts as an image: what is none is rejected and counted, not overlooked.
 */
final class FolderSource implements ImageSource {
  private final String kind;
  private final FolderLayout layout;
  private final int limit;
  private List<FolderLayout.Part> parts;

  /**
   * @param kind name of the layout, for the digest
   * @param limit first n images of each split; 0: all
   */
  FolderSource(String kind, FolderLayout layout, int limit) {
    this.kind = kind;
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
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    FileChunks chunks = new FileChunks(contents);
    for (FolderLayout.Part part : parts()) {
      chunks.add(part.split(), part.place(), limited(part));
    }
    return chunks.all();
  }

  @Override
  public OptionalLong mostTrainImages() {
    return OptionalLong.of(limited(parts().get(0)).size());
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<String> digests = new ArrayList<>();
    List<SourceContents.Item> items = new ArrayList<>();
    for (FolderLayout.Part part : parts()) {
      digests.add(FileDigest.of(part.split(), limited(part), cache, items));
    }
    return new SourceContents(SourceDigest.of(kind, classNames(), digests), classNames(), items);
  }

  private List<LabelledFile> limited(FolderLayout.Part part) {
    List<LabelledFile> files = part.interleaved();
    return limit == 0 ? files : files.subList(0, Math.min(limit, files.size()));
  }

  private synchronized List<FolderLayout.Part> parts() {
    if (parts == null) {
      parts = layout.parts();
    }
    return parts;
  }
}
