package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.io.Serializable;
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
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files on disk, one image each.
 *
 * @param root folder or list that the files belong to
 */
record FileChunk(SourceSplit split, String root, List<Entry> entries) implements SourceChunk {
  /**
   * An image.
   *
   * @param path of its file, as in {@link Places}
   * @param sha256 that the file must have, in hexadecimal
   */
  record Entry(String id, int label, String path, String sha256) implements Serializable {
    private static Entry of(SourceFile file, Map<String, String> digests) {
      String path = file.path().toString();
      String digest = digests.get(file.name());
      if (digest == null) {
        throw SourceContents.changed(path);
      }
      return new Entry(file.name(), file.label(), path, digest);
    }
  }

  /**
   * A chunk of files.
   *
   * @param digests by name
   * @throws IllegalStateException if one of the files has no digest
   */
  static FileChunk of(
      SourceSplit split, String root, List<SourceFile> files, Map<String, String> digests) {
    return new FileChunk(split, root, files.stream().map(file -> Entry.of(file, digests)).toList());
  }

  @Override
  public int size() {
    return entries.size();
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
    for (Entry entry : entries) {
      receiver.accept(image(entry));
    }
  }

  /** A file that was planned must be there and can be read, as it was when its digest was taken. */
  private static SourceImage image(Entry entry) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(Places.path(entry.path()))) {
      long bytes = channel.size();
      if (bytes > SourceFile.MAX_BYTES) {
        return SourceImage.Unreadable.tooLarge(
            entry.id(), entry.label(), TarStream.tooLarge(bytes));
      }
      byte[] content = Channels.newInputStream(channel).readAllBytes();
      if (!ContentDigest.of(content).equals(entry.sha256())) {
        throw SourceContents.changed(entry.path());
      }
      return new SourceImage.Encoded(entry.id(), entry.label(), content);
    }
  }
}
