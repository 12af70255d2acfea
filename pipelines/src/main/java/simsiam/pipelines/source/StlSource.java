package simsiam.pipelines.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * STL-10, binary version (Coates, Lee and Ng 2011): the folder of the {@code .bin} files, a folder
 * that holds it as {@code stl10_binary}, or the official {@code stl10_binary.tar.gz}. Of its
 * splits, train and test are labelled; the unlabelled images can join train, where evaluation
 * leaves them aside.
 *
 * @see <a href="https://cs.stanford.edu/~acoates/stl10/">the format</a>
 */
final class StlSource implements ImageSource {
  static final String FOLDER = "stl10_binary";
  static final String ARCHIVE = "stl10_binary.tar.gz";
  static final String TEST_FILE = "test_X.bin";

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
  StlSource(Path path, boolean withUnlabelled, int limit) {
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
  public boolean hasTestSplit() {
    return true;
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
  public List<SourceChunk> chunks(Path scratch) {
    Path folder = located();
    if (!Files.isDirectory(folder)) {
      Path unpacked = scratch.resolve(FOLDER);
      Archive.unpack(folder, unpacked, fileNames());
      folder = unpacked;
    }
    List<SourceChunk> chunks = new ArrayList<>();
    int left = limit == 0 ? Integer.MAX_VALUE : limit;
    for (Part part : parts()) {
      if (part.split() == SourceSplit.TEST) {
        left = limit == 0 ? Integer.MAX_VALUE : limit;
      }
      int count = Math.min(left, count(folder, part));
      left -= count;
      chunks.addAll(cut(folder, part, count));
    }
    return chunks;
  }

  /** Unknown for an archive. */
  @Override
  public OptionalLong mostTrainImages() {
    Path place = located();
    if (!Files.isDirectory(place)) {
      return OptionalLong.empty();
    }
    long train =
        parts().stream()
            .filter(part -> part.split() == SourceSplit.TRAIN)
            .mapToLong(part -> count(place, part))
            .sum();
    return OptionalLong.of(limit == 0 ? train : Math.min(limit, train));
  }

  @Override
  public String digest(DigestCache cache) {
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

  private static List<SourceChunk> cut(Path folder, Part part, int count) {
    String labels = part.labels().isEmpty() ? "" : folder.resolve(part.labels()).toString();
    return Chunking.records(
        count,
        RECORD_BYTES,
        (first, size) ->
            new RecordChunk(
                part.split(),
                RecordFormat.STL10,
                folder.resolve(part.images()).toString(),
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
