package simsiam.pipelines.source;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import simsiam.model.config.Reason;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.remote.StoreException;

/**
 * Image files on disk, one image each.
 *
 * @param root folder or list that the files belong to
 * @param ids of the images
 * @param paths of the files
 * @param labels of the images
 */
record FileChunk(
    SourceSplit split, String root, List<String> ids, List<String> paths, List<Integer> labels)
    implements SourceChunk {
  static FileChunk of(SourceSplit split, String root, List<LabelledFile> files) {
    return new FileChunk(
        split,
        root,
        files.stream().map(file -> file.file().name()).toList(),
        files.stream()
            .map(file -> ((ImageFile.OnDisk) file.file().at()).path().toString())
            .toList(),
        files.stream().map(LabelledFile::label).toList());
  }

  @Override
  public int size() {
    return ids.size();
  }

  @Override
  public String origin() {
    return root;
  }

  @Override
  public boolean encoded() {
    return true;
  }

  @Override
  public void read(Receiver receiver) throws IOException {
    for (int i = 0; i < ids.size(); i++) {
      receiver.accept(image(ids.get(i), labels.get(i), Places.path(paths.get(i))));
    }
  }

  private static SourceImage image(String id, int label, Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long bytes = channel.size();
      return bytes > ImageFile.MAX_BYTES
          ? SourceImage.Unreadable.of(id, label, TarStream.tooLarge(bytes))
          : new SourceImage.Encoded(id, label, Channels.newInputStream(channel).readAllBytes());
    } catch (StoreException e) { // says nothing of the file
      throw e;
    } catch (IOException e) {
      return SourceImage.Unreadable.of(id, label, "expected a readable file, got " + Reason.of(e));
    }
  }
}
