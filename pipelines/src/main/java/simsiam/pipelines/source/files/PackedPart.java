package simsiam.pipelines.source.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import simsiam.pipelines.remote.StoreException;
import simsiam.pipelines.source.archive.PackedBytes;
import simsiam.pipelines.source.digest.ContentDigest;
import simsiam.pipelines.source.digest.Part;
import simsiam.pipelines.source.digest.Piece;
import simsiam.pipelines.source.listing.SourceFile;

/** Image files of an archive of which each can be read by itself, in the order of the archive. */
final class PackedPart implements Part {
  /** Files that are read together. */
  private static final int TOGETHER = 64;

  private final InArchiveOrder order;

  PackedPart(Path archive, Iterable<SourceFile> files) {
    this.order = new InArchiveOrder(archive, files, file -> at(file).offset());
  }

  private static SourceFile.Packed at(SourceFile file) {
    return (SourceFile.Packed) file.at();
  }

  @Override
  public Iterator<Piece> pieces() {
    Iterator<SourceFile> left = order.files();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return left.hasNext();
      }

      @Override
      public Piece next() {
        if (!left.hasNext()) {
          throw new NoSuchElementException();
        }
        return piece(left);
      }
    };
  }

  private static Run piece(Iterator<SourceFile> left) {
    List<Entry> entries = new ArrayList<>();
    while (left.hasNext() && entries.size() < TOGETHER) {
      SourceFile file = left.next();
      SourceFile.Packed at = at(file);
      entries.add(
          new Entry(at.offset(), at.packedBytes(), at.deflated(), at.crc32(), file.bytes()));
    }
    return new Run(entries);
  }

  @Override
  public String joined(List<String> found) {
    return order.joined(found);
  }

  /** Where a file is in the archive, as in {@link SourceFile.Packed}, and its own size. */
  private record Entry(long offset, long packedBytes, boolean deflated, long crc32, long size)
      implements Serializable {
    /** A file that cannot be read is rejected by itself later: here its message stands for it. */
    String digest(Path archive, SeekableByteChannel channel) throws IOException {
      SourceFile.Packed at = new SourceFile.Packed(archive, offset, packedBytes, deflated, crc32);
      try {
        return ContentDigest.of(PackedBytes.read(channel, at, size));
      } catch (StoreException e) {
        throw e;
      } catch (IOException e) {
        return ContentDigest.of(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Some of them that follow each other. */
  private record Run(List<Entry> entries) implements Piece {
    @Override
    public long bytes() {
      return entries.stream().mapToLong(Entry::packedBytes).sum();
    }

    @Override
    public List<String> digests(Path archive) throws IOException {
      List<String> digests = new ArrayList<>();
      try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
        for (Entry entry : entries) {
          digests.add(entry.digest(archive, channel));
        }
      }
      return digests;
    }
  }
}
