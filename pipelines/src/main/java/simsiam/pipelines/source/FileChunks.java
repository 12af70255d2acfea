package simsiam.pipelines.source;

import java.util.ArrayList;
import java.util.List;

/** Cuts image files into chunks that workers read side by side. */
final class FileChunks {
  private FileChunks() {}

  /**
   * Chunks of files that are all on disk or all in one archive; a compressed tar archive can only
   * be read from its start and makes a single chunk.
   *
   * @param place the folder or archive, for messages
   */
  static List<SourceChunk> of(SourceSplit split, String place, List<LabelledFile> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    if (files.get(0).file().at() instanceof ImageFile.Streamed streamed) {
      return List.of(StreamedChunk.of(split, streamed.archive(), files));
    }
    boolean packed = files.get(0).file().at() instanceof ImageFile.Packed;
    List<SourceChunk> chunks = new ArrayList<>();
    int first = 0;
    for (int end : Chunking.fileEnds(files)) {
      List<LabelledFile> run = files.subList(first, end);
      chunks.add(packed ? PackedChunk.of(split, run) : FileChunk.of(split, place, run));
      first = end;
    }
    return chunks;
  }
}
