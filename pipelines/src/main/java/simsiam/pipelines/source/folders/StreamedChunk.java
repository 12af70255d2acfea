package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.ImageFile;
import simsiam.pipelines.source.listing.LabelledFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files inside a compressed tar archive, read in one go in the order of the archive.
 *
 * @param entries names in the archive
 */
record StreamedChunk(
    SourceSplit split,
    HeldFile archive,
    List<String> entries,
    List<String> ids,
    List<Integer> labels)
    implements SourceChunk {
  static StreamedChunk of(SourceSplit split, HeldFile archive, List<LabelledFile> files) {
    return new StreamedChunk(
        split,
        archive,
        files.stream().map(file -> ((ImageFile.Streamed) file.file().at()).entry()).toList(),
        files.stream().map(file -> file.file().name()).toList(),
        files.stream().map(LabelledFile::label).toList());
  }

  @Override
  public int size() {
    return ids.size();
  }

  @Override
  public String origin() {
    return archive.path();
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    archive.read(path -> read(path, receiver));
  }

  private int read(Path path, Receiver receiver) throws IOException {
    List<ImageFile> files = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      files.add(new ImageFile(ids.get(i), 0, new ImageFile.Streamed(path, entries.get(i))));
    }
    TarStream.read(
        path,
        files,
        (position, content, problem) ->
            receiver.accept(
                content == null
                    ? SourceImage.Unreadable.tooLarge(
                        ids.get(position), labels.get(position), problem)
                    : new SourceImage.Encoded(ids.get(position), labels.get(position), content)));
    return size();
  }
}
