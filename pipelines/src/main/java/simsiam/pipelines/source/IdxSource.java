package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** MNIST and sets of its form: four IDX files in a folder, each gzipped or not. */
final class IdxSource implements ImageSource {
  private final String kind;
  private final List<String> classNames;
  private final Path folder;
  private final int limit;

  /**
   * @param kind name of the set
   * @param classNames by label
   * @param limit first n images of each split; 0: all
   */
  IdxSource(String kind, List<String> classNames, Path folder, int limit) {
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
  public boolean hasTestSplit() {
    return true;
  }

  @Override
  public void check() {
    part(SourceSplit.TRAIN);
    part(SourceSplit.TEST);
  }

  @Override
  public List<SourceChunk> chunks(Path scratch) {
    List<SourceChunk> chunks = new ArrayList<>(cut(part(SourceSplit.TRAIN), scratch));
    chunks.addAll(cut(part(SourceSplit.TEST), scratch));
    return chunks;
  }

  @Override
  public OptionalLong mostTrainImages() {
    int train = part(SourceSplit.TRAIN).images().count();
    return OptionalLong.of(limit == 0 ? train : Math.min(limit, train));
  }

  @Override
  public String digest(DigestCache cache) {
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

  private List<SourceChunk> cut(Part part, Path scratch) {
    IdxFile images = part.images();
    IdxFile labels = part.labels();
    Path imageFile = images.unpacked(scratch, part.name());
    Path labelFile = labels.unpacked(scratch, part.name().replace("images-idx3", "labels-idx1"));
    return Chunking.records(
        limit == 0 ? images.count() : Math.min(limit, images.count()),
        RecordFormat.IDX.recordBytes(images.dimensions()[1], images.dimensions()[2]),
        (first, size) ->
            new RecordChunk(
                part.split(),
                RecordFormat.IDX,
                imageFile.toString(),
                images.headerBytes(),
                images.dimensions()[1],
                images.dimensions()[2],
                first,
                size,
                part.name(),
                labelFile.toString(),
                labels.headerBytes(),
                classNames.size()));
  }
}
