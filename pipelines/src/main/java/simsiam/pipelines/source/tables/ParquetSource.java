package simsiam.pipelines.source.tables;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.digest.SourceDigest;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.SourceSplit;
import simsiam.pipelines.source.listing.SplitName;
import simsiam.pipelines.source.tables.ParquetFiles.SplitFile;

/**
 * Parquet files as the Hugging Face Hub keeps image sets: an image column of {@code {bytes, path}},
 * a label column of numbers, class names in the footer. A folder of files whose name or folder
 * begins with a {@linkplain SplitName name of a split}, or files without splits.
 *
 * @see <a href="https://huggingface.co/docs/hub/datasets-image">the format</a>
 */
public final class ParquetSource implements ImageSource {
  private final Path path;
  private final int limit;
  private final String labelColumn;
  private ParquetFiles files;

  /**
   * @param limit first n images of each split; 0: all
   * @param labelColumn column of class numbers; empty: the one that is called like labels
   */
  public ParquetSource(Path path, int limit, String labelColumn) {
    this.path = path;
    this.limit = limit;
    this.labelColumn = labelColumn;
  }

  @Override
  public List<String> classNames() {
    return files().features().classNames();
  }

  @Override
  public void check() {
    files();
  }

  @Override
  public List<SourceChunk> chunks(Path scratch, SourceContents contents) {
    List<SourceChunk> chunks = new ArrayList<>();
    int most =
        Chunking.scale(files().files().stream().mapToLong(file -> file.groupRows().size()).sum());
    for (SourceSplit split : files().splits()) {
      long left = limit == 0 ? Long.MAX_VALUE : limit;
      for (SplitFile file : files().of(split)) {
        HeldFile held = contents.held(file.file().path());
        long first = 0;
        List<Long> groups = file.groupRows();
        for (int group = 0; group < groups.size() && left > 0; group += most) {
          List<Long> run = groups.subList(group, Math.min(groups.size(), group + most));
          long rows = run.stream().mapToLong(Long::longValue).sum();
          int size = Math.toIntExact(Math.min(left, rows));
          chunks.add(ParquetChunk.of(file, held, group, first, size, files().features()));
          first += rows;
          left -= size;
        }
      }
    }
    return chunks;
  }

  @Override
  public SourceListing listing() {
    List<SourceListing.Split> splits = new ArrayList<>();
    for (SourceSplit split : files().splits()) {
      List<SplitFile> own = files().of(split);
      long rows =
          own.stream().flatMap(file -> file.groupRows().stream()).mapToLong(group -> group).sum();
      OptionalLong images = OptionalLong.of(limit == 0 ? rows : Math.min(limit, rows));
      boolean none = !classNames().isEmpty() && own.stream().noneMatch(SplitFile::mayHaveLabels);
      String from = own.get(0).file().name() + (own.size() == 1 ? "" : ", ...");
      splits.add(SourceListing.Split.of(split, from, images, none ? images : OptionalLong.empty()));
    }
    return new SourceListing(classNames(), splits, files().skipped());
  }

  @Override
  public SourceContents contents(DigestCache cache) {
    List<SourceFile> all = new ArrayList<>();
    for (SourceSplit split : files().splits()) {
      files().of(split).forEach(file -> all.add(file.file()));
    }
    SourceContents bytes = SourceDigest.of("hf_parquet", classNames(), all, cache);
    boolean webp = files().files().stream().anyMatch(file -> hasWebp(file, cache));
    List<String> decoded = List.of(bytes.digest(), ContentDigest.WEBP_REVISION);
    return webp
        ? new SourceContents(
            SourceDigest.of("hf_parquet", classNames(), decoded), classNames(), bytes.files())
        : bytes;
  }

  private boolean hasWebp(SplitFile file, DigestCache cache) {
    return Boolean.parseBoolean(
        cache
            .ofPart(file.file().path(), "webp", () -> new WebpSearch(file, files().features()))
            .sha256());
  }

  private synchronized ParquetFiles files() {
    if (files == null) {
      if (!Files.isDirectory(path) && !Files.isRegularFile(path)) {
        throw SourceProblem.of("a Parquet file or a folder of them", path);
      }
      files = ParquetFiles.find(path, labelColumn);
    }
    return files;
  }
}
