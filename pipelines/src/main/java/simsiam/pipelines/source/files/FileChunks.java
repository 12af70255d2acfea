package simsiam.pipelines.source.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.IntStream;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files in chunks that workers read side by side, each made when it is asked for: together
 * they name every image of the set.
 */
public final class FileChunks implements Iterable<SourceChunk> {
  /** Images of a chunk of which nothing is to be read, at most. */
  private static final int MISSING = 10_000;

  private final SourceContents contents;
  private final Chunking chunking;
  private final Path scratch;
  private final List<Iterable<SourceChunk>> parts = new ArrayList<>();

  /**
   * @param contents that the files must have when they are read
   * @param scratch folder for what a chunk is to know of its images where they are many
   */
  public FileChunks(SourceContents contents, Chunking chunking, Path scratch) {
    this.contents = contents;
    this.chunking = chunking;
    this.scratch = scratch;
  }

  /**
   * Adds files that are all on disk or all in one archive; a compressed tar archive can only be
   * read from its start and makes a single chunk.
   *
   * @param place the folder or archive, for messages
   */
  public void add(SourceSplit split, String place, Iterable<SourceFile> files) {
    Iterator<SourceFile> all = files.iterator();
    if (!all.hasNext()) {
      return;
    }
    SourceFile.Location first = all.next().at();
    if (first instanceof SourceFile.Streamed streamed) {
      HeldFile held = contents.held(streamed.archive());
      parts.add(List.of(StreamedChunk.of(split, held, files, scratch)));
    } else if (first instanceof SourceFile.Packed packed) {
      HeldFile held = contents.held(packed.archive());
      parts.add(() -> cut(files, run -> PackedChunk.of(split, held, run)));
    } else {
      parts.add(
          () -> {
            Iterator<SourceContents.ImageItem> planned = contents.images(split);
            return cut(files, run -> FileChunk.of(split, place, run, planned));
          });
    }
  }

  private Iterator<SourceChunk> cut(
      Iterable<SourceFile> files, Function<List<SourceFile>, SourceChunk> chunk) {
    Iterator<List<SourceFile>> runs = chunking.cut(files.iterator());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return runs.hasNext();
      }

      @Override
      public SourceChunk next() {
        return chunk.apply(runs.next());
      }
    };
  }

  /** Adds images of which nothing is to be read. */
  public void add(SourceSplit split, String place, List<SourceImage.Unreadable> missing) {
    parts.add(
        () ->
            IntStream.iterate(0, first -> first < missing.size(), first -> first + MISSING)
                .mapToObj(
                    first -> missing.subList(first, Math.min(missing.size(), first + MISSING)))
                .<SourceChunk>map(some -> new MissingChunk(split, place, List.copyOf(some)))
                .iterator());
  }

  /** The chunks of all that was added. */
  @Override
  public Iterator<SourceChunk> iterator() {
    Iterator<Iterable<SourceChunk>> left = parts.iterator();
    return new Iterator<>() {
      private Iterator<SourceChunk> part = List.<SourceChunk>of().iterator();

      @Override
      public boolean hasNext() {
        while (!part.hasNext() && left.hasNext()) {
          part = left.next().iterator();
        }
        return part.hasNext();
      }

      @Override
      public SourceChunk next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return part.next();
      }
    };
  }
}
