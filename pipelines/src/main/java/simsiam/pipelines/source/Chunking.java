package simsiam.pipelines.source;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.source.listing.SourceFile;

/**
 * Cuts a source into chunks: a function of the source alone, not of the machine. A chunk becomes a
 * file, and a set of a hundred million images would become a million small ones: beyond {@link
 * #MOST} chunks they grow instead, in steps of two. Shards have the same bytes whatever the chunks.
 *
 * @param files of a chunk, at most: the last one, which leaves other cores idle, is soon done
 * @param bytes of the files of a chunk, unless one file has more; decoded they are some ten times
 *     as many
 */
public record Chunking(int files, long bytes) {
  /** Records of a chunk, at most. */
  static final int RECORDS = 2_500;

  /** Files of a chunk of a set that is not large. */
  static final int FILES = 128;

  /** Bytes of the records or files of a chunk of a set that is not large. */
  static final long FILE_BYTES = 8L << 20;

  /** Chunks of a set, about: ImageNet with its 1.28 million images has 18,000 of the first size. */
  static final int MOST = 1 << 15;

  /** Makes the chunk of {@code size} records from {@code first} on. */
  public interface RecordRange {
    SourceChunk chunk(int first, int size);
  }

  /**
   * How to cut a set of files.
   *
   * @param files of all splits
   * @param bytes of them
   */
  public static Chunking of(long files, long bytes) {
    int scale = scale(Math.max(files / FILES, bytes / FILE_BYTES));
    return new Chunking(FILES * scale, FILE_BYTES * scale);
  }

  /**
   * How many parts of a set are to be one chunk.
   *
   * @param parts chunks there would be if each were one
   */
  public static int scale(long parts) {
    int scale = 1;
    while (parts / scale > MOST) {
      scale *= 2;
    }
    return scale;
  }

  public static List<SourceChunk> records(int count, int recordBytes, RecordRange range) {
    int most = (int) Math.max(1, Math.min(RECORDS, FILE_BYTES / recordBytes));
    List<SourceChunk> chunks = new ArrayList<>();
    for (int first = 0; first < count; first += most) {
      chunks.add(range.chunk(first, Math.min(most, count - first)));
    }
    return chunks;
  }

  /** Cuts files into runs of one chunk each, which are made as they are asked for. */
  public Iterator<List<SourceFile>> cut(Iterator<SourceFile> all) {
    return new Iterator<>() {
      private Optional<SourceFile> first = following();

      private Optional<SourceFile> following() {
        return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
      }

      @Override
      public boolean hasNext() {
        return first.isPresent();
      }

      @Override
      public List<SourceFile> next() {
        SourceFile file = first.orElseThrow();
        List<SourceFile> run = new ArrayList<>();
        long size = 0;
        do {
          run.add(file);
          size += file.bytes();
          first = following();
          file = first.orElse(file);
        } while (first.isPresent() && run.size() < files && size + file.bytes() <= bytes);
        return run;
      }
    };
  }
}
