package simsiam.pipelines.source;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.listing.SourceFile;

/** Cuts a source into chunks: a function of the source alone, not of the machine. */
public final class Chunking {
  /** Records of a chunk, at most. */
  static final int RECORDS = 2_500;

  /** Files of a chunk, at most: the last one, which leaves other cores idle, is soon done. */
  static final int FILES = 128;

  /** Bytes of the records or files of a chunk; decoded files are some ten times as many. */
  static final long FILE_BYTES = 8L << 20;

  private Chunking() {}

  /** Makes the chunk of {@code size} records from {@code first} on. */
  public interface RecordRange {
    SourceChunk chunk(int first, int size);
  }

  public static List<SourceChunk> records(int count, int recordBytes, RecordRange range) {
    int most = (int) Math.max(1, Math.min(RECORDS, FILE_BYTES / recordBytes));
    List<SourceChunk> chunks = new ArrayList<>();
    for (int first = 0; first < count; first += most) {
      chunks.add(range.chunk(first, Math.min(most, count - first)));
    }
    return chunks;
  }

  /** Ends of the chunks of files, exclusive. */
  public static List<Integer> fileEnds(List<SourceFile> files) {
    List<Integer> ends = new ArrayList<>();
    int first = 0;
    long bytes = 0;
    for (int i = 0; i < files.size(); i++) {
      if (i > first && (i - first == FILES || bytes + files.get(i).bytes() > FILE_BYTES)) {
        ends.add(i);
        first = i;
        bytes = 0;
      }
      bytes += files.get(i).bytes();
    }
    if (!files.isEmpty()) {
      ends.add(files.size());
    }
    return ends;
  }
}
