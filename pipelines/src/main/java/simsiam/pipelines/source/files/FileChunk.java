package simsiam.pipelines.source.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
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
    private static Entry of(SourceFile file, Iterator<SourceContents.ImageItem> planned) {
      String path = file.path().toString();
      SourceContents.ImageItem item = planned.hasNext() ? planned.next() : null;
      if (item == null || !item.name().equals(file.name()) || item.label() != file.label()) {
        throw SourceContents.changed(path);
      }
      return new Entry(file.name(), file.label(), path, item.sha256());
    }
  }

  /**
   * A chunk of files.
   *
   * @param planned of the same files, from the first of them on
   * @throws IllegalStateException if it is of others
   */
  static FileChunk of(
      SourceSplit split,
      String root,
      List<SourceFile> files,
      Iterator<SourceContents.ImageItem> planned) {
    return new FileChunk(split, root, files.stream().map(file -> Entry.of(file, planned)).toList());
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
