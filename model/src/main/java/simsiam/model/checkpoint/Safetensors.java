package simsiam.model.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import simsiam.model.checkpoint.SafetensorsHeader.Entry;
import simsiam.model.net.Tensor;

/**
 * Named float32 tensors in a safetensors file, the format that PyTorch reads with {@code
 * safetensors.torch.load_file}: the header's length (8 bytes, little-endian), a JSON header, then
 * the values, little-endian, in the order of the names. The bytes are a function of the contents.
 *
 * <p>Reading trusts nothing: every length and offset is checked against the file before memory is
 * taken for it, so that a truncated or hostile file fails with an {@link IOException} of the form
 * {@code Cannot read checkpoint: expected ..., got ... (file)}. Other element types than F32 are
 * refused.
 *
 * @param metadata free text stored in the header under {@code __metadata__}
 */
public record Safetensors(SortedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
  private static final int CHUNK_BYTES = 1 << 20;

  public Safetensors {
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
  }

  public static Safetensors of(SortedMap<String, Tensor> tensors) {
    return new Safetensors(tensors, new TreeMap<>());
  }

  /** Writes the file through to the disk, replacing what was there. */
  public void write(Path file) throws IOException {
    byte[] header = SafetensorsHeader.of(tensors, metadata).encode();
    try (FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, WRITE)) {
      ByteBuffer chunk = littleEndian(Math.max(CHUNK_BYTES, Long.BYTES + header.length));
      chunk.putLong(header.length).put(header);
      drain(chunk, channel);
      for (Tensor tensor : tensors.values()) {
        writeValues(tensor.data(), chunk, channel);
      }
      channel.force(true);
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws IOException if it is not a complete and valid safetensors file of float32 tensors
   */
  public static Safetensors read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      SafetensorsHeader header = readHeader(channel, file);
      ByteBuffer chunk = littleEndian(CHUNK_BYTES);
      SortedMap<String, Tensor> tensors = new TreeMap<>();
      for (Entry entry : header.entries()) {
        float[] data = new float[entry.count()];
        readValues(data, chunk, channel, file);
        tensors.put(entry.name(), new Tensor(entry.shape(), data));
      }
      return new Safetensors(tensors, header.metadata());
    }
  }

  private static SafetensorsHeader readHeader(FileChannel channel, Path file) throws IOException {
    long size = channel.size();
    if (size < Long.BYTES) {
      throw SafetensorsHeader.unreadable(file, "a header length of 8 bytes", size + " bytes");
    }
    ByteBuffer prefix = littleEndian(Long.BYTES);
    fill(prefix, channel, file);
    long length = prefix.getLong();
    long most = Math.min(size - Long.BYTES, SafetensorsHeader.MAX_BYTES);
    if (length < 2 || length > most) {
      throw SafetensorsHeader.unreadable(file, "a header of 2 to " + most + " bytes", "" + length);
    }
    ByteBuffer header = ByteBuffer.allocate((int) length);
    fill(header, channel, file);
    return SafetensorsHeader.decode(header, size - Long.BYTES - length, file);
  }

  private static void writeValues(float[] values, ByteBuffer chunk, FileChannel channel)
      throws IOException {
    int capacity = chunk.capacity() / Float.BYTES;
    for (int from = 0; from < values.length; from += capacity) {
      int count = Math.min(capacity, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      chunk.position(count * Float.BYTES);
      drain(chunk, channel);
    }
  }

  private static void readValues(float[] values, ByteBuffer chunk, FileChannel channel, Path file)
      throws IOException {
    int capacity = chunk.capacity() / Float.BYTES;
    for (int from = 0; from < values.length; from += capacity) {
      int count = Math.min(capacity, values.length - from);
      chunk.clear().limit(count * Float.BYTES);
      fill(chunk, channel, file);
      chunk.asFloatBuffer().get(values, from, count);
    }
    chunk.clear();
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void drain(ByteBuffer buffer, FileChannel channel) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  /** Fills the buffer to its limit and rewinds it. */
  private static void fill(ByteBuffer buffer, FileChannel channel, Path file) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw SafetensorsHeader.unreadable(
            file, buffer.remaining() + " more bytes", "the end of the file");
      }
    }
    buffer.flip();
  }
}
