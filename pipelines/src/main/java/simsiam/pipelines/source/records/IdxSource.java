package simsiam.pipelines.source.records;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;

/** MNIST and sets of its form: four IDX files in a folder, each gzipped or not. */
public final class IdxSource implements ImageSource {
  private final String kind;
  private final List<String> classNames;
  private final Path folder;
  private final int limit;

  /**
   * @param kind name of the set
   * @param classNames by label
   * @param limit first n images of each split; 0: all
   */
  public IdxSource(String kind, List<String> classNames, Path folder, int limit) {
    this.kind = kind;
    this.classNames = List.copyOf(classNames);
    this.folder = folder;
    this.limit = limit;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public void check() {
    part(SourceSplit.TRAIN);
    part(SourceSplit.TEST);
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    List<SourceChunk> chunks = new ArrayList<>(cut(part(SourceSplit.TRAIN), scratch, contents));
    chunks.addAll(cut(part(SourceSplit.TEST), scratch, contents));
    return chunks;
  }

  @Override
  public SourceListing listing() {
    List<SourceListing.Split> splits = new ArrayList<>();
    for (SourceSplit split : List.of(SourceSplit.TRAIN, SourceSplit.TEST)) {
      Part part = part(split);
      int images = part.images().count();
      splits.add(
          SourceListing.Split.of(
              split,
              part.name(),
              OptionalLong.of(limit == 0 ? images : Math.min(limit, images)),
              OptionalLong.of(0)));
    }
    return new SourceListing(classNames, splits, List.of());
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<SourceFile> files = new ArrayList<>();
    for (SourceSplit split : List.of(SourceSplit.TRAIN, SourceSplit.TEST)) {
      Part part = part(split);
      files.add(Directories.file(part.images().path()));
      files.add(Directories.file(part.labels().path()));
    }
    return SourceDigest.of(kind, classNames, files, cache);
  }

  /** The images and labels of one split. */
  private record Part(SourceSplit split, String name, IdxFile images, IdxFile labels) {}

  private Part part(SourceSplit split) {
    if (!Files.isDirectory(folder)) {
      throw SourceProblem.of(
          "the folder of %s (or dataset.download: true)".formatted(kind), folder);
    }
    String prefix = split == SourceSplit.TRAIN ? "train" : "t10k";
    IdxFile images = IdxFile.open(find(prefix + "-images", "idx3-ubyte"), 3);
    IdxFile labels = IdxFile.open(find(prefix + "-labels", "idx1-ubyte"), 1);
    if (images.count() != labels.count()) {
      throw SourceProblem.of(
          "%s labels in %s, one for each image"
              .formatted(images.count(), labels.path().getFileName()),
          "%s (%s)".formatted(labels.count(), labels.path()));
    }
    return new Part(split, prefix + "-images-idx3-ubyte", images, labels);
  }

  /** Under its official name, or with the dot that some unpackers leave; gzipped or not. */
  private Path find(String stem, String suffix) {
    for (String name : List.of(stem + "-" + suffix, stem + "." + suffix)) {
      for (String end : List.of("", ".gz")) {
        Path file = folder.resolve(name + end);
        if (Files.isRegularFile(file)) {
          return file;
        }
      }
    }
    throw SourceProblem.of(
        "a file %s-%s[.gz] (or dataset.download: true)".formatted(stem, suffix),
        "none (%s)".formatted(folder));
  }

  private List<SourceChunk> cut(Part part, Path scratch, SourceContents contents) {
    IdxFile images = part.images();
    IdxFile labels = part.labels();
    HeldFile imageFile = unpacked(images, part.name(), scratch, contents);
    HeldFile labelFile =
        unpacked(labels, part.name().replace("images-idx3", "labels-idx1"), scratch, contents);
    return Chunking.records(
        limit == 0 ? images.count() : Math.min(limit, images.count()),
        RecordFormat.IDX.recordBytes(images.dimensions()[1], images.dimensions()[2]),
        (first, size) ->
            new RecordChunk(
                part.split(),
                RecordFormat.IDX,
                imageFile,
                images.headerBytes(),
                images.dimensions()[1],
                images.dimensions()[2],
                first,
                size,
                part.name(),
                List.of(labelFile),
                labels.headerBytes(),
                classNames.size()));
  }

  private static HeldFile unpacked(
      IdxFile file, String name, Path scratch, SourceContents contents) {
    HeldFile held = contents.held(file.path());
    return file.gzipped()
        ? RecordFiles.held(file.unpacked(held, scratch, name), contents, scratch)
        : held;
  }
}
