package simsiam.pipelines.source.records;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.archive.Archive;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.folders.DirectoryTree;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.TextLines;

/**
 * STL-10, binary version (Coates, Lee and Ng 2011): the folder of the {@code .bin} files, a folder
 * that holds it as {@code stl10_binary}, or the official {@code stl10_binary.tar.gz}. Of its
 * splits, train and test are labelled; the unlabelled images can join train, where evaluation
 * leaves them aside.
 *
 * @see <a href="https://cs.stanford.edu/~acoates/stl10/">the format</a>
 */
public final class StlSource implements ImageSource {
  public static final String FOLDER = "stl10_binary";
  public static final String ARCHIVE = "stl10_binary.tar.gz";
  public static final String TEST_FILE = "test_X.bin";

  /** Pixels a side. */
  private static final int SIZE = 96;

  private static final int RECORD_BYTES = RecordFormat.STL10.recordBytes(SIZE, SIZE);
  private static final String CLASS_NAMES = "class_names.txt";
  private static final List<String> CLASSES =
      List.of("airplane", "bird", "car", "cat", "deer", "dog", "horse", "monkey", "ship", "truck");

  private final Path path;
  private final boolean withUnlabelled;
  private final int limit;

  /**
   * @param withUnlabelled whether the unlabelled images join the train split, after its own
   * @param limit first n images of each split; 0: all
   */
  public StlSource(Path path, boolean withUnlabelled, int limit) {
    this.path = path;
    this.withUnlabelled = withUnlabelled;
    this.limit = limit;
  }

  /** Images of a split and their labels; no label file where there are none. */
  private record Part(SourceSplit split, String images, String labels) {}

  @Override
  public List<String> classNames() {
    return CLASSES;
  }

  @Override
  public void check() {
    Path place = located();
    if (Files.isDirectory(place)) {
      parts().forEach(part -> count(place, part));
      checkClassNames(place);
    } else {
      Archive.check(place);
    }
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    Path folder = located();
    if (!Files.isDirectory(folder)) {
      Path unpacked = scratch.resolve(FOLDER);
      Archive.unpack(contents.held(folder), unpacked, fileNames());
      folder = unpacked;
    }
    Function<Path, HeldFile> held = file -> RecordFiles.held(file, contents, scratch);
    List<SourceChunk> chunks = new ArrayList<>();
    int left = limit == 0 ? Integer.MAX_VALUE : limit;
    for (Part part : parts()) {
      if (part.split() == SourceSplit.TEST) {
        left = limit == 0 ? Integer.MAX_VALUE : limit;
      }
      int count = Math.min(left, count(folder, part));
      left -= count;
      chunks.addAll(cut(folder, part, count, held));
    }
    return chunks;
  }

  /** Numbers are unknown for an archive. */
  @Override
  public SourceListing listing() {
    return new SourceListing(
        CLASSES, List.of(listing(SourceSplit.TRAIN), listing(SourceSplit.TEST)), List.of());
  }

  private SourceListing.Split listing(SourceSplit split) {
    Path place = located();
    List<Part> own = parts().stream().filter(part -> part.split() == split).toList();
    String from = own.stream().map(Part::images).collect(Collectors.joining(", "));
    if (!Files.isDirectory(place)) {
      return SourceListing.Split.of(split, from, OptionalLong.empty(), OptionalLong.empty());
    }
    long images = 0;
    long unlabelled = 0;
    for (Part part : own) {
      long left = limit == 0 ? Long.MAX_VALUE : limit - images;
      long count = Math.min(left, count(place, part));
      images += count;
      unlabelled += part.labels().isEmpty() ? count : 0;
    }
    return SourceListing.Split.of(
        split, from, OptionalLong.of(images), OptionalLong.of(unlabelled));
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    Path place = located();
    List<SourceFile> files = new ArrayList<>();
    if (Files.isDirectory(place)) {
      fileNames()
          .forEach(name -> files.add(Directories.file(RecordFiles.present(place.resolve(name)))));
    } else {
      files.add(Directories.file(place));
    }
    return SourceDigest.of(
        withUnlabelled ? "stl10_with_unlabelled" : "stl10", CLASSES, files, cache);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(SourceSplit.TRAIN, "train_X.bin", "train_y.bin"));
    if (withUnlabelled) {
      parts.add(new Part(SourceSplit.TRAIN, "unlabeled_X.bin", ""));
    }
    parts.add(new Part(SourceSplit.TEST, TEST_FILE, "test_y.bin"));
    return parts;
  }

  private List<String> fileNames() {
    List<String> names = new ArrayList<>();
    for (Part part : parts()) {
      names.add(part.images());
      if (!part.labels().isEmpty()) {
        names.add(part.labels());
      }
    }
    return names;
  }

  private Path located() {
    return RecordFiles.located(path, "stl10", TEST_FILE, FOLDER, ARCHIVE);
  }

  /** Images of a part, as many as labels. */
  private static int count(Path folder, Part part) {
    int count = RecordFiles.count(folder.resolve(part.images()), RECORD_BYTES);
    if (!part.labels().isEmpty()) {
      long labels = Directories.file(RecordFiles.present(folder.resolve(part.labels()))).bytes();
      if (labels != count) {
        throw SourceProblem.of(
            "%s labels in %s, one for each image".formatted(count, part.labels()),
            "%s (%s)".formatted(labels, folder.resolve(part.labels())));
      }
    }
    return count;
  }

  /** The names that come with the set must be the known ones, in their order. */
  private static void checkClassNames(Path folder) {
    new DirectoryTree(folder)
        .text(CLASS_NAMES)
        .ifPresent(
            content -> {
              Path file = folder.resolve(CLASS_NAMES);
              List<String> names =
                  TextLines.of(file.toString(), content).lines().stream()
                      .map(line -> line.text().strip())
                      .toList();
              if (!names.equals(CLASSES)) {
                throw SourceProblem.of(
                    "the class names " + String.join(", ", CLASSES),
                    "%s (%s)".formatted(String.join(", ", names), file));
              }
            });
  }

  private static List<SourceChunk> cut(
      Path folder, Part part, int count, Function<Path, HeldFile> held) {
    HeldFile images = held.apply(folder.resolve(part.images()));
    List<HeldFile> labels =
        part.labels().isEmpty() ? List.of() : List.of(held.apply(folder.resolve(part.labels())));
    return Chunking.records(
        count,
        RECORD_BYTES,
        (first, size) ->
            new RecordChunk(
                part.split(),
                RecordFormat.STL10,
                images,
                0,
                SIZE,
                SIZE,
                first,
                size,
                part.images(),
                labels,
                0,
                CLASSES.size()));
  }
}
