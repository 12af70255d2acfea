package simsiam.pipelines.preprocess;

import java.io.BufferedReader;
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
import simsiam.pipelines.spool.SpooledList;

/**
 * Files and folders of the source that were not taken for images, which are no rejects: {@code
 * skipped.jsonl}, one a line. There is no such file where there are none.
 */
public record SkippedFiles(List<SkippedFile> files) {
  public static final String FILE_NAME = "skipped.jsonl";

  public SkippedFiles {
    files = files instanceof SpooledList ? files : List.copyOf(files); // it never changes
  }

  public static SkippedFiles of(SourceListing listing) {
    return new SkippedFiles(listing.skipped());
  }

  /** Those of an earlier run. */
  public static SkippedFiles read(Path folder) throws IOException {
    Path file = folder.resolve(FILE_NAME);
    if (!Files.exists(file)) {
      return new SkippedFiles(List.of());
    }
    SpooledList.Builder<SkippedFile> files = SpooledList.builder(SkippedFile.FORM);
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        files.add(CanonicalJson.parse(line, SkippedFile.class));
      }
    }
    return new SkippedFiles(files.build());
  }

  /**
   * Writes the list.
   *
   * @param folder on disk or in a store
   */
  public void write(Path folder) throws IOException {
    try (NewFile target = NewFile.in(folder.toString(), FILE_NAME)) {
      AtomicFile.write(
          target.path(),
          out -> {
            for (SkippedFile file : files) {
              out.write((CanonicalJson.compact(file) + "\n").getBytes(StandardCharsets.UTF_8));
            }
          });
      target.publish();
    }
  }

  /** {@code 3 files or folders skipped: hidden 2 (a/.x, ...), no_class 1 (README)}. */
  @Override
  public String toString() {
    Map<String, Counted> byReason = new TreeMap<>();
    for (SkippedFile file : files) {
      byReason.merge(file.reason(), new Counted(file, 1), Counted::and);
    }
    return String.format(
        Locale.ROOT,
        "%,d files or folders skipped: %s",
        files.size(),
        byReason.values().stream().map(Counted::toString).collect(Collectors.joining(", ")));
  }

  /** Files of one reason. */
  private record Counted(SkippedFile first, long files) {
    Counted and(Counted more) {
      return new Counted(first, files + more.files());
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %,d (%s%s)",
          first.reason(),
          files,
          first.name(),
          files > 1 ? ", ..." : "");
    }
  }
}
