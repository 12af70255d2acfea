package simsiam.pipelines.source.folders;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
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

  private final List<SourceFile> files;
  private final int[] order;

  PackedPart(List<SourceFile> files) {
    this.files = files;
    this.order =
        IntStream.range(0, files.size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> at(files.get(i)).offset()))
            .mapToInt(i -> i)
            .toArray();
  }

  private static SourceFile.Packed at(SourceFile file) {
    return (SourceFile.Packed) file.at();
  }

  @Override
  public Iterator<Piece> pieces() {
    return IntStream.iterate(0, first -> first < order.length, first -> first + TOGETHER)
        .<Piece>mapToObj(this::piece)
        .iterator();
  }

  private Run piece(int first) {
    List<Entry> entries = new ArrayList<>();
    for (int i = first; i < Math.min(order.length, first + TOGETHER); i++) {
      SourceFile file = files.get(order[i]);
      SourceFile.Packed at = at(file);
      entries.add(
          new Entry(at.offset(), at.packedBytes(), at.deflated(), at.crc32(), file.bytes()));
    }
    return new Run(entries);
  }

  @Override
  public String joined(List<String> found) {
    String[] listed = new String[order.length];
    for (int i = 0; i < order.length; i++) {
      listed[order[i]] = found.get(i);
    }
    return FileDigest.joined(listed);
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
