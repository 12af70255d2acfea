package simsiam.pipelines.source.records;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import simsiam.model.config.Reason;
import simsiam.pipelines.source.archive.Unpacking;
import simsiam.pipelines.source.digest.HeldFile;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * An IDX file of unsigned bytes, gzipped or not.
 *
 * @param dimensions sizes: count, or count, height, width
 * @see <a href="http://yann.lecun.com/exdb/mnist/">the format</a>
 */
@SuppressWarnings("ArrayRecordComponent") // one or three integers, not compared
record IdxFile(Path path, boolean gzipped, int[] dimensions) {
  /** Magic number less the number of dimensions: unsigned bytes. */
  private static final int UNSIGNED_BYTES = 0x0800;

  /** Reads the header and compares the size of the file with what it says. */
  static IdxFile open(Path path, int rank) {
    try {
      boolean gzipped = gzipped(path);
      int[] dimensions = new int[rank];
      try (DataInputStream in = new DataInputStream(content(path, gzipped))) {
        int magic = in.readInt();
        if (magic != UNSIGNED_BYTES + rank) {
          throw SourceProblem.of(
              "IDX magic number %s in %s".formatted(UNSIGNED_BYTES + rank, path.getFileName()),
              "%s (%s)".formatted(magic, path));
        }
        for (int i = 0; i < rank; i++) {
          dimensions[i] = in.readInt();
        }
      }
      IdxFile file = new IdxFile(path, gzipped, dimensions);
      file.checkSize();
      return file;
    } catch (IOException e) {
      throw SourceProblem.of(
          "an IDX file " + path.getFileName(), "%s (%s)".formatted(Reason.of(e), path));
    }
  }

  int count() {
    return dimensions[0];
  }

  int headerBytes() {
    return Integer.BYTES * (1 + dimensions.length);
  }

  /** An unpacked copy of a gzipped file in the folder. */
  Path unpacked(HeldFile held, Path folder, String name) {
    Path target = folder.resolve(name);
    try {
      return held.read(
          file -> {
            try (InputStream in = content(file, true)) {
              Unpacking.copy(in, target);
            }
            return target;
          });
    } catch (IOException e) {
      throw SourceProblem.of("a whole gzip file", "%s (%s)".formatted(e.getMessage(), held.path()));
    }
  }

  private void checkSize() throws IOException {
    long expected = headerBytes();
    long values = 1;
    for (int dimension : dimensions) {
      if (dimension < 1 || values > Integer.MAX_VALUE) {
        throw SourceProblem.of(
            "sizes of an image set in the header of %s".formatted(path.getFileName()),
            "%s (%s)".formatted(Arrays.toString(dimensions), path));
      }
      values *= dimension;
    }
    expected += values;
    // The last four bytes of a gzip file are the size of its content, modulo 2^32.
    long found = gzipped ? tail(path) : Files.size(path);
    long comparable = gzipped ? expected & 0xFFFFFFFFL : expected;
    if (found != comparable) {
      throw SourceProblem.of(
          "%s bytes in %s, as its header says".formatted(expected, path.getFileName()),
          "%s (%s)".formatted(found, path));
    }
  }

  private static long tail(Path path) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    try (SeekableByteChannel in = Files.newByteChannel(path)) {
      in.position(Math.max(0, in.size() - last.capacity()));
      while (last.hasRemaining()) {
        if (in.read(last) < 0) {
          throw new EOFException("expected a gzip file, got %s bytes".formatted(in.size()));
        }
      }
    }
    return last.flip().getInt() & 0xFFFFFFFFL;
  }

  private static boolean gzipped(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return in.read() == 0x1F && in.read() == 0x8B;
    }
  }

  private static InputStream content(Path path, boolean gzipped) throws IOException {
    InputStream in = Files.newInputStream(path);
    return gzipped ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
