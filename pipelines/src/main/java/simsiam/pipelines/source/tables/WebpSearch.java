package simsiam.pipelines.source.tables;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.Part;
import simsiam.pipelines.source.digest.Piece;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.tables.ParquetFiles.SplitFile;

/** Whether a Parquet file has a WebP image: {@code true} or {@code false}, by its row groups. */
record WebpSearch(SplitFile file, HubFeatures features) implements Part {
  @Override
  public Iterator<Piece> pieces() {
    HeldFile held;
    try {
      held = HeldFile.own(file.file().path().toAbsolutePath());
    } catch (IOException e) {
      throw unreadable(e);
    }
    int groups = file.groupRows().size();
    long bytes = file.file().bytes() / Math.max(1, groups);
    return IntStream.range(0, groups)
        .<Piece>mapToObj(
            group -> {
              int rows = Math.toIntExact(file.groupRows().get(group));
              return new Rows(ParquetChunk.of(file, held, group, 0, rows, features), bytes);
            })
        .iterator();
  }

  @Override
  public String joined(List<String> found) {
    return String.valueOf(found.contains("true"));
  }

  private static RuntimeException unreadable(IOException e) {
    return SourceProblem.of("a Parquet file of images", e.getMessage());
  }

  /** The rows of a group. */
  private record Rows(ParquetChunk chunk, long bytes) implements Piece {
    @Override
    public List<String> digests(Path file) {
      AtomicBoolean found = new AtomicBoolean();
      try {
        chunk.read(
            image -> {
              if (image instanceof SourceImage.Encoded encoded
                  && ContentDigest.isWebp(encoded.bytes())) {
                found.set(true);
              }
            });
      } catch (IOException e) {
        throw unreadable(e);
      }
      return List.of(String.valueOf(found.get()));
    }
  }
}
