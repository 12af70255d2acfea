package simsiam.pipelines.source.folders;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files in chunks that workers read side by side, each made when it is asked for: together
 * they name every image of the set.
 */
final class FileChunks implements Iterable<SourceChunk> {
  private final SourceContents contents;
  private final Chunking chunking;
  private final List<Iterable<SourceChunk>> parts = new ArrayList<>();

  /**
   * @param contents that the files must have when they are read
   */
  FileChunks(SourceContents contents, Chunking chunking) {
    this.contents = contents;
    this.chunking = chunking;
  }

  /**
   * Adds files that are all on disk or all in one archive; a compressed tar archive can only be
   * read from its start and makes a single chunk.
   *
   * @param place the folder or archive, for messages
   */
  void add(SourceSplit split, String place, Iterable<SourceFile> files) {
    Iterator<SourceFile> all = files.iterator();
    if (!all.hasNext()) {
      return;
    }
    SourceFile.Location first = all.next().at();
    if (first instanceof SourceFile.Streamed streamed) {
      parts.add(List.of(StreamedChunk.of(split, contents.held(streamed.archive()), files)));
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
  void add(MissingChunk missing) {
    parts.add(List.of(missing));
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
