package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.source.SourceChunk;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.ImageFile;
import simsiam.pipelines.source.listing.LabelledFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files on disk, one image each.
 *
 * @param root folder or list that the files belong to
 * @param ids of the images
 * @param paths of the files
 * @param labels of the images
 * @param digests SHA-256 that the files must have, in hexadecimal
 */
record FileChunk(
    SourceSplit split,
    String root,
    List<String> ids,
    List<String> paths,
    List<Integer> labels,
    List<String> digests)
    implements SourceChunk {
  /**
   * A chunk of files.
   *
   * @param digests by name
   * @throws IllegalStateException if one of the files has no digest
   */
  static FileChunk of(
      SourceSplit split, String root, List<LabelledFile> files, Map<String, String> digests) {
    return new FileChunk(
        split,
        root,
        files.stream().map(file -> file.file().name()).toList(),
        files.stream()
            .map(file -> ((ImageFile.OnDisk) file.file().at()).path().toString())
            .toList(),
        files.stream().map(LabelledFile::label).toList(),
        files.stream().map(file -> digest(file.file(), digests)).toList());
  }

  private static String digest(ImageFile file, Map<String, String> digests) {
    String digest = digests.get(file.name());
    if (digest == null) {
      throw SourceContents.changed(((ImageFile.OnDisk) file.at()).path().toString());
    }
    return digest;
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
      receiver.accept(image(i));
    }
  }

  /** A file that was planned must be there and can be read, as it was when its digest was taken. */
  private SourceImage image(int i) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(Places.path(paths.get(i)))) {
      long bytes = channel.size();
      if (bytes > ImageFile.MAX_BYTES) {
        return SourceImage.Unreadable.tooLarge(
            ids.get(i), labels.get(i), TarStream.tooLarge(bytes));
      }
      byte[] content = Channels.newInputStream(channel).readAllBytes();
      if (!ContentDigest.of(content).equals(digests.get(i))) {
        throw SourceContents.changed(paths.get(i));
      }
      return new SourceImage.Encoded(ids.get(i), labels.get(i), content);
    }
  }
}
