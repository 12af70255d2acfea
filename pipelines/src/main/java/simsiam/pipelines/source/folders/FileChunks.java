package simsiam.pipelines.source.folders;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.source.Chunking;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceSplit;

/** Cuts image files into chunks that workers read side by side. */
final class FileChunks {
  private final SourceContents contents;
  private final Map<String, String> digests;
  private final List<SourceChunk> chunks = new ArrayList<>();

  /**
   * @param contents that the files must have when they are read
   */
  FileChunks(SourceContents contents) {
    this.contents = contents;
    this.digests = contents.imageDigests();
  }

  /**
   * Adds files that are all on disk or all in one archive; a compressed tar archive can only be
   * read from its start and makes a single chunk.
   *
   * @param place the folder or archive, for messages
   */
  void add(SourceSplit split, String place, List<SourceFile> files) {
    if (files.isEmpty()) {
      return;
    }
    if (files.get(0).at() instanceof SourceFile.Streamed streamed) {
      chunks.add(StreamedChunk.of(split, contents.held(streamed.archive()), files));
      return;
    }
    int first = 0;
    for (int end : Chunking.fileEnds(files)) {
      List<SourceFile> run = files.subList(first, end);
      chunks.add(
          files.get(0).at() instanceof SourceFile.Packed packed
              ? PackedChunk.of(split, contents.held(packed.archive()), run)
              : FileChunk.of(split, place, run, digests));
      first = end;
    }
  }

  /** Adds images of which nothing is to be read. */
  void add(MissingChunk missing) {
    chunks.add(missing);
  }

  /** The chunks of all that was added. */
  List<SourceChunk> all() {
    return chunks;
  }
}
