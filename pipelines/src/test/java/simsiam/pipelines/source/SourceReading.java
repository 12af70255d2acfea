package simsiam.pipelines.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/** Reads all that a source holds. */
public final class SourceReading {
  private SourceReading() {}

  /** An image and its split. */
  public record Row(SourceSplit split, SourceImage image) {}

  /** The chunks of what the source holds now. */
  public static List<SourceChunk> chunks(ImageSource source, Path scratch) {
    return chunks(source, scratch, source.contents(DigestCache.open(scratch.resolve("none"))));
  }

  /** All chunks at once. */
  public static List<SourceChunk> chunks(
      ImageSource source, Path scratch, SourceContents contents) {
    List<SourceChunk> chunks = new ArrayList<>();
    source.chunks(scratch, contents).forEach(chunks::add);
    return chunks;
  }

  public static List<Row> rows(ImageSource source, Path scratch) {
    List<Row> rows = new ArrayList<>();
    for (SourceChunk chunk : chunks(source, scratch)) {
      int before = rows.size();
      try {
        chunk.read(image -> rows.add(new Row(chunk.split(), image)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (rows.size() - before != chunk.size()) {
        throw new AssertionError("chunk of " + chunk.size() + " gave " + (rows.size() - before));
      }
    }
    return rows;
  }

  public static List<String> ids(ImageSource source, SourceSplit split, Path scratch) {
    return rows(source, scratch).stream()
        .filter(row -> row.split() == split)
        .map(row -> row.image().id())
        .toList();
  }
}
