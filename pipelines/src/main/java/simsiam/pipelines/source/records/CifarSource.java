package simsiam.pipelines.source.records;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.archive.Archive;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * CIFAR-10 or CIFAR-100, binary version: the folder of the {@code .bin} files, a folder that holds
 * it under its official name, or the official {@code .tar.gz}.
 */
public final class CifarSource implements ImageSource {
  private final CifarVariant variant;
  private final Path path;
  private final int limit;

  /**
   * @param limit first n images of each split; 0: all
   */
  public CifarSource(CifarVariant variant, Path path, int limit) {
    this.variant = variant;
    this.path = path;
    this.limit = limit;
  }

  @Override
  public List<String> classNames() {
    Path file = located().resolve(variant.classNamesFile());
    if (!Files.isRegularFile(file)) {
      return variant.classNames();
    }
    try (Stream<String> lines = Files.lines(file)) {
      List<String> names = lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
      if (names.size() != variant.classNames().size()) {
        throw SourceProblem.of(
            "%s class names in %s".formatted(variant.classNames().size(), file), names.size());
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  @Override
  public void check() {
    Path place = located();
    if (Files.isDirectory(place)) {
      counts(place);
      classNames();
    } else {
      Archive.check(place);
    }
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    Path place = located();
    Path folder = place;
    if (!Files.isDirectory(place)) {
      folder = scratch.resolve(variant.folder());
      Archive.unpack(contents.held(place), folder, batches());
    }
    List<Integer> counts = counts(folder);
    Function<Path, HeldFile> held = file -> RecordFiles.held(file, contents, scratch);
    List<SourceChunk> chunks = new ArrayList<>();
    int left = limit == 0 ? Integer.MAX_VALUE : limit;
    for (int i = 0; i < variant.trainFiles().size(); i++) {
      int count = Math.min(left, counts.get(i));
      left -= count;
      chunks.addAll(cut(SourceSplit.TRAIN, folder, variant.trainFiles().get(i), count, held));
    }
    int testCount = counts.get(counts.size() - 1);
    chunks.addAll(
        cut(
            SourceSplit.TEST,
            folder,
            variant.testFile(),
            limit == 0 ? testCount : Math.min(limit, testCount),
            held));
    return chunks;
  }

  /** Numbers are unknown for an archive. */
  @Override
  public SourceListing listing() {
    Path place = located();
    OptionalLong train = OptionalLong.empty();
    OptionalLong test = OptionalLong.empty();
    if (Files.isDirectory(place)) {
      List<Integer> counts = counts(place);
      long last = counts.get(counts.size() - 1);
      train = limited(counts.stream().mapToLong(count -> count).sum() - last);
      test = limited(last);
    }
    String batches = variant.trainFiles().get(0) + ", ...";
    return new SourceListing(
        classNames(),
        List.of(
            SourceListing.Split.of(
                SourceSplit.TRAIN,
                variant.trainFiles().size() == 1 ? variant.trainFiles().get(0) : batches,
                train,
                OptionalLong.of(0)),
            SourceListing.Split.of(SourceSplit.TEST, variant.testFile(), test, OptionalLong.of(0))),
        List.of());
  }

  private OptionalLong limited(long images) {
    return OptionalLong.of(limit == 0 ? images : Math.min(limit, images));
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    Path place = located();
    List<SourceFile> files = new ArrayList<>();
    if (Files.isDirectory(place)) {
      counts(place);
      batches().forEach(name -> files.add(Directories.file(place.resolve(name))));
    } else {
      files.add(Directories.file(place));
    }
    return SourceDigest.of(variant.name(), classNames(), files, cache);
  }

  private List<String> batches() {
    List<String> names = new ArrayList<>(variant.trainFiles());
    names.add(variant.testFile());
    return names;
  }

  /** The folder of the batches, or the archive. */
  private Path located() {
    return RecordFiles.located(
        path, variant.name(), variant.testFile(), variant.folder(), variant.archive());
  }

  /** Records of each batch, the test batch last. */
  private List<Integer> counts(Path folder) {
    List<Integer> counts = new ArrayList<>();
    for (String name : batches()) {
      counts.add(RecordFiles.count(folder.resolve(name), variant.recordBytes()));
    }
    int train = counts.subList(0, counts.size() - 1).stream().mapToInt(i -> i).max().orElse(0);
    int checked = train == CifarVariant.OFFICIAL_BATCH ? counts.size() : counts.size() - 1;
    for (int i = 0; i < checked; i++) {
      if (counts.get(i) != train) {
        throw SourceProblem.of(
            "%s records in %s, as in the other batches".formatted(train, batches().get(i)),
            "%s records (%s)".formatted(counts.get(i), folder.resolve(batches().get(i))));
      }
    }
    return counts;
  }

  private List<SourceChunk> cut(
      SourceSplit split, Path folder, String name, int count, Function<Path, HeldFile> held) {
    HeldFile file = held.apply(folder.resolve(name));
    return Chunking.records(
        count,
        variant.recordBytes(),
        (first, size) ->
            new RecordChunk(
                split,
                variant.format(),
                file,
                0,
                CifarVariant.SIZE,
                CifarVariant.SIZE,
                first,
                size,
                name,
                List.of(),
                0,
                variant.classNames().size()));
  }
}
