package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/** Image files inside a compressed tar archive, read in one go in the order of the archive. */
record StreamedChunk(SourceSplit split, HeldFile archive, List<Entry> entries)
    implements ArchiveChunk {
  /**
   * An image.
   *
   * @param name of its file in the archive, as written
   */
  record Entry(String id, int label, String name) implements Serializable {}

  static StreamedChunk of(SourceSplit split, HeldFile archive, Iterable<SourceFile> files) {
    List<Entry> entries = new ArrayList<>();
    for (SourceFile file : files) {
      entries.add(new Entry(file.name(), file.label(), ((SourceFile.Streamed) file.at()).entry()));
    }
    return new StreamedChunk(split, archive, List.copyOf(entries));
  }

  @Override
  public int read(Path path, Receiver receiver) throws IOException {
    List<SourceFile> files =
        entries.stream()
            .map(
                entry -> new SourceFile(entry.id(), 0, new SourceFile.Streamed(path, entry.name())))
            .toList();
    TarStream.read(
        path,
        files,
        (position, content, problem) -> {
          Entry entry = entries.get(position);
          receiver.accept(
              content == null
                  ? SourceImage.Unreadable.tooLarge(entry.id(), entry.label(), problem)
                  : new SourceImage.Encoded(entry.id(), entry.label(), content));
        });
    return size();
  }
}
