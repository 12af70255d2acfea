package simsiam.pipelines.beam;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.beam.sdk.coders.SerializableCoder;
import simsiam.pipelines.remote.Places;

/**
 * Values that the launching machine leaves in the shared folder for its workers, who read any of
 * them by its number. What a pipeline is told at launch goes this way where it grows with the data
 * set: the job itself, which clusters take up to some megabytes, stays as small for all sets.
 *
 * <p>The file has each value compressed by itself, then the offsets of all as longs, with the end
 * of the last.
 *
 * @param <T> of the values, which are small enough to be in memory one at a time
 */
public final class SharedRecords<T extends Serializable> implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private final String folder;
  private final String name;
  private final int count;
  private final long index;

  private SharedRecords(Class<T> type, String folder, String name, int count, long index) {
    this.type = type;
    this.folder = folder;
    this.name = name;
    this.count = count;
    this.index = index;
  }

  /**
   * Writes values as they come; none is kept in memory.
   *
   * @param name of the file in the shared folder, of its own there
   */
  public static <T extends Serializable> SharedRecords<T> write(
      SharedFolder shared, String name, Class<T> type, Iterable<T> values) throws IOException {
    try (NewFile file = NewFile.in(shared.folder(), name)) {
      ByteArrayOutputStream offsets = new ByteArrayOutputStream();
      DataOutputStream index = new DataOutputStream(offsets);
      long end = 0;
      int count = 0;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file.path()))) {
        for (T value : values) {
          byte[] packed = pack(type, value);
          index.writeLong(end);
          out.write(packed);
          end += packed.length;
          count = Math.addExact(count, 1);
        }
        index.writeLong(end);
        offsets.writeTo(out);
      }
      file.publish();
      return new SharedRecords<>(type, shared.folder(), name, count, end);
    }
  }

  Class<T> type() {
    return type;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /**
   * Reads one value.
   *
   * @param number from 0
   * @throws IOException if the file is gone or cut
   */
  public T read(int number) throws IOException {
    Path file = Places.path(folder).resolve(name);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer place = read(channel, index + (long) number * Long.BYTES, 2 * Long.BYTES, file);
      long offset = place.getLong();
      int bytes = Math.toIntExact(place.getLong() - offset);
      return unpack(read(channel, offset, bytes, file).array());
    }
  }

  private static ByteBuffer read(SeekableByteChannel channel, long offset, int bytes, Path file)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    channel.position(offset);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException(
            "Cannot read tasks: expected %s bytes at %s, got the file's end (%s)"
                .formatted(bytes, offset, file));
      }
    }
    return buffer.flip();
  }

  private static <T extends Serializable> byte[] pack(Class<T> type, T value) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (OutputStream out = new DeflaterOutputStream(bytes, deflater)) {
      SerializableCoder.of(type).encode(value, out);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private T unpack(byte[] packed) throws IOException {
    try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      return SerializableCoder.of(type).decode(in);
    }
  }
}
