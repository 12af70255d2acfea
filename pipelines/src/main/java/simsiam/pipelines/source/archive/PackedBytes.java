package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import simsiam.pipelines.source.listing.SourceFile;

/** Reads one file out of an archive, by its place there. */
public final class PackedBytes {
  /** Deflate makes at most so much of a byte. */
  private static final long MOST_OF_A_BYTE = 1_040;

  private PackedBytes() {}

  /**
   * The content.
   *
   * @param bytes the size it must have
   * @throws IOException if it is cut, damaged or too large
   */
  public static byte[] read(SeekableByteChannel channel, SourceFile.Packed at, long bytes)
      throws IOException {
    if (bytes > SourceFile.MAX_BYTES || at.packedBytes() > SourceFile.MAX_BYTES) {
      throw new IOException(
          "expected at most %s bytes, got %s".formatted(SourceFile.MAX_BYTES, bytes));
    }
    byte[] packed = slice(channel, at.offset(), (int) at.packedBytes());
    byte[] content = at.deflated() ? inflate(packed, (int) bytes) : packed;
    if (at.crc32() >= 0) {
      CRC32 crc = new CRC32();
      crc.update(content);
      if (crc.getValue() != at.crc32()) {
        throw new IOException(
            String.format(
                Locale.ROOT, "expected checksum %08x, got %08x", at.crc32(), crc.getValue()));
      }
    }
    return content;
  }

  private static byte[] slice(SeekableByteChannel channel, long offset, int length)
      throws IOException {
    if (offset + length > channel.size()) {
      throw new IOException(
          "expected %s bytes at %s, got the end of the archive".formatted(length, offset));
    }
    ByteBuffer buffer = ByteBuffer.allocate(length);
    channel.position(offset);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException(
            "expected %s bytes at %s, got the end of the archive".formatted(length, offset));
      }
    }
    return buffer.array();
  }

  private static byte[] inflate(byte[] packed, int bytes) throws IOException {
    if (bytes > MOST_OF_A_BYTE * (packed.length + 1L)) {
      throw new IOException(
          "expected %s bytes, got %s deflated ones".formatted(bytes, packed.length));
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] content = new byte[bytes];
      int got = 0;
      while (got < bytes && !inflater.finished()) {
        int n = inflater.inflate(content, got, bytes - got);
        if (n == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        got += n;
      }
      boolean more = got == bytes && inflater.inflate(new byte[1]) > 0;
      if (got < bytes || more || !inflater.finished()) {
        throw new IOException(
            "expected %s bytes, got %s".formatted(bytes, more ? "more" : String.valueOf(got)));
      }
      return content;
    } catch (DataFormatException e) {
      throw new IOException("expected deflated bytes, got " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }
}
