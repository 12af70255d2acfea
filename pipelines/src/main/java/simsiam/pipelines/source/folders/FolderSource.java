package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;

/**
 * A set of image files, on disk or in archives that stay packed. Every file that is not hidden
 * counts as an image: what is none, or is not there, is rejected and counted, not overlooked.
 */
public final class FolderSource implements ImageSource {
  private final String kind;
  private final FolderLayout layout;
  private final int limit;
  private List<FolderLayout.Part> parts;

  /**
   * @param kind name of the layout, for the digest
   * @param limit first n images of each split; 0: all
   */
  public FolderSource(String kind, FolderLayout layout, int limit) {
    this.kind = kind;
    this.layout = layout;
    this.limit = limit;
  }

  @Override
  public List<String> classNames() {
    return space().classNames();
  }

  private LabelSpace space() {
    return parts().get(0).space();
  }

  @Override
  public SourceListing listing() {
    List<SourceListing.Split> splits = new ArrayList<>();
    List<SkippedFile> skipped = new ArrayList<>();
    for (FolderLayout.Part part : parts()) {
      long[] counts = new long[space().labels()];
      long unlabelled = 0;
      List<SourceFile> files = present(part);
      for (SourceFile file : files) {
        if (file.label() < 0) {
          unlabelled++;
        } else {
          counts[file.label()]++;
        }
      }
      splits.add(
          new SourceListing.Split(
              part.split(),
              part.from(),
              OptionalLong.of(files.size()),
              space().classCounts(Arrays.stream(counts).boxed().toList()),
              OptionalLong.of(unlabelled),
              missing(part)));
      skipped.addAll(part.skipped());
    }
    skipped.sort(Comparator.comparing(SkippedFile::name));
    return new SourceListing(classNames(), splits, skipped);
  }

  @Override
  public void check() {
    parts();
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    FileChunks chunks = new FileChunks(contents);
    for (FolderLayout.Part part : parts()) {
      chunks.add(part.split(), part.place(), present(part));
      List<SourceImage.Unreadable> missing = missing(part);
      if (!missing.isEmpty()) {
        chunks.add(new MissingChunk(part.split(), part.place(), missing));
      }
    }
    return chunks.all();
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<String> digests = new ArrayList<>();
    List<SourceContents.Item> items = new ArrayList<>();
    for (FolderLayout.Part part : parts()) {
      digests.add(FileDigest.of(part.split(), present(part), cache, items));
      List<SourceImage.Unreadable> missing = missing(part);
      if (!missing.isEmpty()) {
        digests.add(SourceDigest.of(missing));
      }
    }
    if (space().multiLabel()) {
      digests.add(SourceDigest.of(space()));
    }
    return new SourceContents(SourceDigest.of(kind, classNames(), digests), space(), items);
  }

  /** Those that are there, of the images that are wanted. */
  private List<SourceFile> present(FolderLayout.Part part) {
    return limited(part).stream()
        .filter(file -> !(file.at() instanceof SourceFile.Missing))
        .toList();
  }

  private List<SourceImage.Unreadable> missing(FolderLayout.Part part) {
    List<SourceImage.Unreadable> missing = new ArrayList<>();
    for (SourceFile file : limited(part)) {
      if (file.at() instanceof SourceFile.Missing at) {
        missing.add(
            new SourceImage.Unreadable(
                file.name(),
                file.label(),
                at.reason(),
                "Cannot read image: %s (%s)".formatted(at.problem(), file.name())));
      }
    }
    return missing;
  }

  private List<SourceFile> limited(FolderLayout.Part part) {
    List<SourceFile> files = part.interleaved();
    return limit == 0 ? files : files.subList(0, Math.min(limit, files.size()));
  }

  private synchronized List<FolderLayout.Part> parts() {
    if (parts == null) {
      parts = layout.parts();
    }
    return parts;
  }
}
