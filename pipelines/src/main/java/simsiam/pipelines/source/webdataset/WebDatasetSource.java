package simsiam.pipelines.source.webdataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import simsiam.model.config.Reason;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.InOrder;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.Directories;
import simsiam.pipelines.source.listing.FileSplits;
import simsiam.pipelines.source.listing.FilesOfKind;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.tables.ListClasses;

/**
 * Many tar archives of samples, plain or compressed, each read by one worker: an image and its
 * label, in a file {@code .cls} of the same name or under a key of {@code .json}. Classes are the
 * labels sorted, numbers by value, unless {@code class_names.txt} beside the shards fixes them.
 *
 * @see <a href="https://github.com/webdataset/webdataset">the format</a>
 */
public final class WebDatasetSource implements ImageSource {
  private static final String CLASS_NAMES = "class_names.txt";
  private static final List<String> SUFFIXES =
      List.of(".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst");

  private final Path path;
  private final int limit;
  private final String labelKey;
  private Listed listed;

  /**
   * @param path folder of the shards, or their names with {@linkplain Braces braces}
   * @param limit first n images of each split; 0: all
   * @param labelKey key of {@code .json} that has the label; empty: {@code .cls} is the label
   */
  public WebDatasetSource(Path path, int limit, String labelKey) {
    this.path = path;
    this.limit = limit;
    this.labelKey = labelKey;
  }

  /**
   * What the shards hold.
   *
   * @param shards of each split
   * @param labels samples of each split by label, as written
   * @param classes of the labels that there are; empty where there are none
   */
  private record Listed(
      FileSplits splits,
      List<List<Shard>> shards,
      List<Map<String, Long>> labels,
      List<String> classes,
      List<SkippedFile> skipped) {}

  /** One of them. */
  private record Shard(SourceFile file, int samples) {}

  @Override
  public List<String> classNames() {
    return listed().classes();
  }

  @Override
  public void check() {
    listed();
  }

  @Override
  public SourceListing listing() {
    Listed all = listed();
    ListClasses classes =
        all.classes().isEmpty() ? null : ListClasses.named(all.classes(), path.toString());
    List<SourceListing.Split> splits = new ArrayList<>();
    for (int i = 0; i < all.shards().size(); i++) {
      List<Shard> shards = all.shards().get(i);
      String from =
          shards.get(0).file().name()
              + (shards.size() == 1
                  ? ""
                  : " to %s (%s shards)"
                      .formatted(shards.get(shards.size() - 1).file().name(), shards.size()));
      splits.add(split(all.splits().splits().get(i), from, shards, all.labels().get(i), classes));
    }
    return new SourceListing(all.classes(), splits, all.skipped());
  }

  private SourceListing.Split split(
      SourceSplit split,
      String from,
      List<Shard> shards,
      Map<String, Long> labels,
      ListClasses classes) {
    long samples = shards.stream().mapToLong(Shard::samples).sum();
    if (classes == null) {
      OptionalLong images = OptionalLong.of(limited(samples));
      return SourceListing.Split.of(split, from, images, images);
    }
    if (limit > 0 && limit < samples) { // which of them have which label is not known
      return SourceListing.Split.of(split, from, OptionalLong.of(limit), OptionalLong.empty());
    }
    long[] counts = new long[listed().classes().size()];
    labels.forEach(
        (label, count) -> {
          if (!classes.unknown(label)) {
            counts[classes.of(label, path.toString())] += count;
          }
        });
    return new SourceListing.Split(
        split,
        from,
        OptionalLong.of(samples),
        Arrays.stream(counts).boxed().toList(),
        OptionalLong.of(samples - Arrays.stream(counts).sum()),
        List.of());
  }

  private long limited(long samples) {
    return limit == 0 ? samples : Math.min(limit, samples);
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    List<SourceChunk> chunks = new ArrayList<>();
    String classes = classNames().isEmpty() ? "" : written(scratch).toString();
    for (int i = 0; i < listed().shards().size(); i++) {
      long left = limit == 0 ? Long.MAX_VALUE : limit;
      for (Shard shard : listed().shards().get(i)) {
        int size = (int) Math.min(left, shard.samples());
        if (size > 0) {
          chunks.add(
              new ShardChunk(
                  listed().splits().splits().get(i),
                  contents.held(shard.file().path()),
                  shard.file().name(),
                  size,
                  labelKey,
                  classes));
        }
        left -= size;
      }
    }
    return chunks;
  }

  /** The class names for all workers. */
  private Path written(Path scratch) {
    Path file = scratch.toAbsolutePath().resolve("classes.txt");
    try {
      return Files.write(file, classNames());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write %s: %s".formatted(file, Reason.of(e)), e);
    }
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<SourceFile> files = new ArrayList<>();
    listed().shards().forEach(shards -> shards.forEach(shard -> files.add(shard.file())));
    return SourceDigest.of("webdataset", classNames(), files, cache);
  }

  private synchronized Listed listed() {
    if (listed == null) {
      listed = list();
    }
    return listed;
  }

  private Listed list() {
    boolean pattern = Braces.in(path.toString());
    FilesOfKind found = pattern ? FilesOfKind.of(named()) : folder();
    if (found.files().isEmpty()) {
      throw SourceProblem.of("shards (.tar)", "none (%s)".formatted(path));
    }
    FileSplits splits = FileSplits.of(found.files(), path.toString());
    List<SkippedFile> skipped = found.skippedWith(splits.unused());
    List<List<Shard>> shards = new ArrayList<>();
    List<Map<String, Long>> labels = new ArrayList<>();
    Set<String> all = new TreeSet<>();
    for (List<SourceFile> files : splits.files()) {
      List<Shard> read = new ArrayList<>();
      Map<String, Long> counts = new HashMap<>();
      InOrder.forEach(
          files.stream().sorted(Comparator.comparing(SourceFile::name)).iterator(),
          1,
          this::read,
          shard -> {
            read.add(shard.shard());
            shard.labels().forEach((label, count) -> counts.merge(label, count, Long::sum));
          });
      shards.add(read);
      labels.add(counts);
      all.addAll(counts.keySet());
    }
    return new Listed(splits, shards, labels, classes(all), skipped);
  }

  /**
   * A shard that was read through.
   *
   * @param labels samples by label, as written
   */
  private record Counted(Shard shard, Map<String, Long> labels) {}

  private Counted read(SourceFile file) {
    int[] samples = new int[1];
    Map<String, Long> labels = new HashMap<>();
    try {
      new ShardSamples(file.path(), labelKey)
          .forEach(
              false,
              sample -> {
                samples[0]++;
                labels.merge(sample.label().orElse(""), 1L, Long::sum);
              });
    } catch (IOException e) {
      throw SourceProblem.of(
          "a shard that can be read", "%s (%s)".formatted(Reason.of(e), file.path()));
    }
    return new Counted(new Shard(file, samples[0]), labels);
  }

  /** The classes, and that all labels are of them. */
  private List<String> classes(Set<String> labels) {
    Path file = root().resolve(CLASS_NAMES);
    if (!Files.isRegularFile(file)) {
      return ListClasses.found(labels, path.toString()).names();
    }
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw SourceProblem.of("a file that can be read", "%s (%s)".formatted(Reason.of(e), file));
    }
    List<String> names =
        TextLines.of(file.toString(), content).lines().stream()
            .map(line -> line.text().strip())
            .toList();
    ListClasses classes = ListClasses.named(names, file.toString());
    for (String label : labels) {
      if (!classes.unknown(label)) {
        classes.of(label, path.toString());
      }
    }
    return names;
  }

  /** The folder that names are relative to. */
  private Path root() {
    String text = path.toString();
    if (!Braces.in(text)) {
      return path;
    }
    int slash = text.lastIndexOf('/', text.indexOf('{'));
    return Places.path(slash < 0 ? "." : slash == 0 ? "/" : text.substring(0, slash));
  }

  /** The shards of a pattern, all of which must be there. */
  private List<SourceFile> named() {
    Path root = root();
    List<SourceFile> files = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String place : Braces.expand(path.toString())) {
      Path file = Places.path(place);
      if (!Files.isRegularFile(file)) {
        throw SourceProblem.of(
            "all shards of %s".formatted(path.getFileName()), "no %s".formatted(file));
      }
      String name = root.toAbsolutePath().relativize(file.toAbsolutePath()).toString();
      if (!names.add(name)) {
        throw SourceProblem.of("each shard once", "%s twice (%s)".formatted(name, path));
      }
      files.add(new SourceFile(name, Directories.file(file).bytes(), new SourceFile.OnDisk(file)));
    }
    return files;
  }

  private FilesOfKind folder() {
    if (!Files.isDirectory(path)) {
      throw SourceProblem.of(
          "a folder of shards (.tar), or their names such as train-{000000..001281}.tar", path);
    }
    return FilesOfKind.in(path, "shards", WebDatasetSource::isShard, Set.of(CLASS_NAMES));
  }

  private static boolean isShard(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SUFFIXES.stream().anyMatch(lower::endsWith);
  }
}
