package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.NewFile;
import simsiam.pipelines.source.listing.SkippedFile;
import simsiam.pipelines.source.listing.SourceListing;

/**
 * Files and folders of the source that were not taken for images, which are no rejects: {@code
 * skipped.jsonl}, one a line. There is no such file where there are none.
 */
public record SkippedFiles(List<SkippedFile> files) {
  public static final String FILE_NAME = "skipped.jsonl";

  public SkippedFiles {
    files = List.copyOf(files);
  }

  public static SkippedFiles of(SourceListing listing) {
    return new SkippedFiles(listing.skipped());
  }

  /** Those of an earlier run. */
  public static SkippedFiles read(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    return new SkippedFiles(
        Files.exists(file)
            ? Files.readAllLines(file).stream()
                .map(line -> CanonicalJson.parse(line, SkippedFile.class))
                .toList()
            : List.of());
  }

  /**
   * Writes the list.
   *
   * @param folder on disk or in a store
   */
  public void write(Path folder) throws IOException {
    String lines =
        files.stream()
            .map(file -> CanonicalJson.compact(file) + "\n")
            .collect(Collectors.joining());
    try (NewFile file = NewFile.in(folder.toString(), FILE_NAME)) {
      AtomicFile.write(file.path(), lines.getBytes(StandardCharsets.UTF_8));
      file.publish();
    }
  }

  /** {@code 3 files or folders skipped: hidden 2 (a/.x, ...), no_class 1 (README)}. */
  @Override
  public String toString() {
    Map<String, List<SkippedFile>> byReason =
        files.stream()
            .collect(Collectors.groupingBy(SkippedFile::reason, TreeMap::new, Collectors.toList()));
    return String.format(
        Locale.ROOT,
        "%,d files or folders skipped: %s",
        files.size(),
        byReason.entrySet().stream().map(SkippedFiles::counted).collect(Collectors.joining(", ")));
  }

  private static String counted(Map.Entry<String, List<SkippedFile>> reason) {
    List<SkippedFile> files = reason.getValue();
    return String.format(
        Locale.ROOT,
        "%s %,d (%s%s)",
        reason.getKey(),
        files.size(),
        files.get(0).name(),
        files.size() > 1 ? ", ..." : "");
  }
}
