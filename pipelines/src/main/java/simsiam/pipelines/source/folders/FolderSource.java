package simsiam.pipelines.source.folders;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import simsiam.model.data.LabelSpace;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.files.FileChunks;
import simsiam.pipelines.source.files.FileDigest;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * A set of image files, on disk or in archives that stay packed. Every file that is not hidden
 * counts as an image: what is none, or is not there, is rejected and counted, not overlooked.
 */
public final class FolderSource implements ImageSource {
  private final String kind;
  private final FolderLayout layout;
  private final int limit;
  private List<FolderLayout.Part> parts;
  private SourceListing listing;

  /** Of the images that are there, when they are listed. */
  private long bytes;

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
  public synchronized SourceListing listing() {
    if (listing == null) {
      listing = listed();
    }
    return listing;
  }

  private SourceListing listed() {
    List<SourceListing.Split> splits = new ArrayList<>();
    Sorting<SkippedFile> skipped =
        new Sorting<>(SkippedFile.FORM, Comparator.comparing(SkippedFile::name));
    for (FolderLayout.Part part : parts()) {
      long[] counts = new long[space().labels()];
      long unlabelled = 0;
      long images = 0;
      SpooledList.Builder<SourceImage.Unreadable> missing =
          SpooledList.builder(SourceImage.Unreadable.FORM);
      for (SourceFile file : (Iterable<SourceFile>) limited(part)::iterator) {
        if (file.at() instanceof SourceFile.Missing at) {
          missing.add(missing(file, at));
          continue;
        }
        images++;
        bytes += file.bytes();
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
              OptionalLong.of(images),
              space().classCounts(Arrays.stream(counts).boxed().toList()),
              OptionalLong.of(unlabelled),
              missing.build()));
      part.skipped().forEach(skipped::add);
    }
    return new SourceListing(classNames(), splits, skipped.list());
  }

  @Override
  public void check() {
    parts();
  }

  @Override
  public Iterable<SourceChunk> chunks(Path scratch, SourceContents contents) {
    List<SourceListing.Split> splits = listing().splits();
    long images = splits.stream().mapToLong(split -> split.images().orElseThrow()).sum();
    FileChunks chunks = new FileChunks(contents, Chunking.of(images, bytes), scratch);
    for (int i = 0; i < splits.size(); i++) {
      FolderLayout.Part part = parts().get(i);
      chunks.add(part.split(), part.place(), present(part));
      chunks.add(part.split(), part.place(), splits.get(i).missing());
    }
    return chunks;
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<String> digests = new ArrayList<>();
    SpooledList.Builder<SourceContents.Item> items = SpooledList.builder(SourceContents.FORM);
    for (int i = 0; i < parts().size(); i++) {
      FolderLayout.Part part = parts().get(i);
      digests.add(FileDigest.of(part.split(), present(part), cache, items::add));
      List<SourceImage.Unreadable> missing = listing().splits().get(i).missing();
      if (!missing.isEmpty()) {
        digests.add(SourceDigest.of(missing));
      }
    }
    if (space().multiLabel()) {
      digests.add(SourceDigest.of(space()));
    }
    return new SourceContents(SourceDigest.of(kind, classNames(), digests), space(), items.build());
  }

  @Override
  public Optional<String> advice() {
    return parts().stream()
        .flatMap(part -> part.groups().stream())
        .filter(group -> !group.isEmpty() && group.get(0).at() instanceof SourceFile.Streamed)
        .map(group -> ((SourceFile.Streamed) group.get(0).at()).archive())
        .findFirst()
        .map(
            archive ->
                "%s is compressed as a whole: one worker reads it, from its start; packed as zip or plain tar, all would"
                    .formatted(archive));
  }

  /** Those that are there, of the images that are wanted. */
  private Iterable<SourceFile> present(FolderLayout.Part part) {
    return () ->
        limited(part).filter(file -> !(file.at() instanceof SourceFile.Missing)).iterator();
  }

  private static SourceImage.Unreadable missing(SourceFile file, SourceFile.Missing at) {
    return new SourceImage.Unreadable(
        file.name(),
        file.label(),
        at.reason(),
        "Cannot read image: %s (%s)".formatted(at.problem(), file.name()));
  }

  private Stream<SourceFile> limited(FolderLayout.Part part) {
    Stream<SourceFile> files =
        StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(part.interleaved(), Spliterator.ORDERED), false);
    return limit == 0 ? files : files.limit(limit);
  }

  private synchronized List<FolderLayout.Part> parts() {
    if (parts == null) {
      parts = layout.parts();
    }
    return parts;
  }
}
