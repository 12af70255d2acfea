package simsiam.pipelines.source.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.remote.StoreException;
import simsiam.pipelines.source.archive.PackedBytes;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceImage;
import simsiam.pipelines.source.listing.SourceSplit;

/**
 * Image files inside a zip or plain tar archive, read from their places there.
 *
 * @param archive that holds them
 */
record PackedChunk(SourceSplit split, HeldFile archive, List<Entry> entries)
    implements ArchiveChunk {
  /** An image, its label and where it lies. */
  record Entry(
      String id, int label, long bytes, long offset, long packedBytes, boolean deflated, long crc32)
      implements Serializable {
    static Entry of(SourceFile file) {
      SourceFile.Packed at = (SourceFile.Packed) file.at();
      return new Entry(
          file.name(),
          file.label(),
          file.bytes(),
          at.offset(),
          at.packedBytes(),
          at.deflated(),
          at.crc32());
    }
  }

  static PackedChunk of(SourceSplit split, HeldFile archive, List<SourceFile> files) {
    return new PackedChunk(split, archive, files.stream().map(Entry::of).toList());
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public int read(Path path, Receiver receiver) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      for (Entry entry : entries) {
        receiver.accept(image(channel, path, entry));
      }
    }
    return size();
  }

  private static SourceImage image(SeekableByteChannel channel, Path path, Entry entry)
      throws IOException {
    SourceFile.Packed at =
        new SourceFile.Packed(
            path, entry.offset(), entry.packedBytes(), entry.deflated(), entry.crc32());
    long most = Math.max(entry.bytes(), entry.packedBytes());
    if (most > SourceFile.MAX_BYTES) {
      return SourceImage.Unreadable.tooLarge(entry.id(), entry.label(), TarStream.tooLarge(most));
    }
    try {
      return new SourceImage.Encoded(
          entry.id(), entry.label(), PackedBytes.read(channel, at, entry.bytes()));
    } catch (StoreException e) { // says nothing of the image
      throw e;
    } catch (IOException e) {
      return SourceImage.Unreadable.of(entry.id(), entry.label(), e.getMessage());
    }
  }
}
