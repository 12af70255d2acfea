package simsiam.pipelines.source.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * The directory of a zip archive (ZIP64 too), read a part at a time: {@link ZipFile} has all
 * entries of an archive in memory, a kilobyte each. For each part it is shown an archive with the
 * same files and only that part of the directory.
 *
 * @param zip64 whether the archive says where the directory is in the ZIP64 form
 * @param start of the directory in the file
 * @param bytes of the directory
 * @param startAsSaid the same without what was put before the archive, as the archive has it
 */
record CentralDirectory(
    SeekableByteChannel channel, boolean zip64, long start, long bytes, long startAsSaid) {
  /** Bytes of a part, at most; more than an entry can have. */
  private static final int PART_BYTES = 1 << 18;

  private static final int ENTRY = 0x02014b50;
  private static final int SIGNATURE = 0x05054b50;
  private static final int ENTRY_BYTES = 46;
  private static final int NAME_LENGTH = 28;

  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int COMMENT_BYTES = 0xFFFF;
  private static final int LOCATOR = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END_64 = 0x06064b50;
  private static final int END_64_BYTES = 56;

  /** Takes an archive with a part of the directory. */
  @FunctionalInterface
  interface Parts {
    void accept(ZipFile zip) throws IOException;
  }

  /**
   * Reads the directory, in its order.
   *
   * @throws IOException if the archive is cut or damaged
   */
  static void read(SeekableByteChannel channel, Parts parts) throws IOException {
    read(channel, PART_BYTES, parts);
  }

  /**
   * The same with parts of another size.
   *
   * @param most bytes of a part; one of a single entry may be larger
   */
  static void read(SeekableByteChannel channel, int most, Parts parts) throws IOException {
    Optional<CentralDirectory> found = find(channel);
    if (found.isEmpty()) {
      accept(channel, parts); // which says what is wrong
      return;
    }
    CentralDirectory directory = found.get();
    byte[] part = directory.part(0, most);
    long at = 0;
    do {
      accept(new WithPart(directory, part), parts);
      at += part.length;
      part = directory.part(at, most);
    } while (part.length > 0);
  }

  private static void accept(SeekableByteChannel channel, Parts parts) throws IOException {
    try (ZipFile zip = open(channel)) {
      parts.accept(zip);
    }
  }

  private static ZipFile open(SeekableByteChannel channel) throws IOException {
    try {
      return ZipFile.builder().setSeekableByteChannel(channel).get();
    } catch (IOException e) { // which names our class, and what is wrong as its cause
      throw e.getCause() instanceof IOException cause ? cause : e;
    }
  }

  /** The directory of an archive, if the archive has an end. */
  private static Optional<CentralDirectory> find(SeekableByteChannel channel) throws IOException {
    long size = channel.size();
    int tail = (int) Math.min(size, END_BYTES + COMMENT_BYTES);
    ByteBuffer last = read(channel, size - tail, tail);
    int at = tail - END_BYTES;
    while (at >= 0 && last.getInt(at) != END) {
      at--;
    }
    if (at < 0) {
      return Optional.empty();
    }
    long end = size - tail + at;
    if (end >= LOCATOR_BYTES) {
      ByteBuffer locator = read(channel, end - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR) {
        return find64(channel, locator.getLong(8));
      }
    }
    long bytes = Integer.toUnsignedLong(last.getInt(at + 12));
    long said = Integer.toUnsignedLong(last.getInt(at + 16));
    return Optional.of(
        new CentralDirectory(channel, false, Math.max(end - bytes, said), bytes, said));
  }

  private static Optional<CentralDirectory> find64(SeekableByteChannel channel, long at)
      throws IOException {
    if (at < 0 || at > channel.size() - END_64_BYTES) {
      return Optional.empty();
    }
    ByteBuffer end = read(channel, at, END_64_BYTES);
    long bytes = end.getLong(40);
    long start = end.getLong(48);
    return end.getInt(0) == END_64
        ? Optional.of(new CentralDirectory(channel, true, start, bytes, start))
        : Optional.empty();
  }

  /** The entries from a place in the directory on that fit into a part; none after the last. */
  private byte[] part(long from, int most) throws IOException {
    if (start < 0 || bytes < 0 || start > channel.size() - bytes) {
      throw new IOException(
          "a directory of %s bytes at %s of %s".formatted(bytes, start, channel.size()));
    }
    ByteBuffer read = read(channel, start + from, (int) Math.min(PART_BYTES, bytes - from));
    int end = 0;
    while (end < most && read.capacity() - end >= ENTRY_BYTES && read.getInt(end) == ENTRY) {
      int length = ENTRY_BYTES;
      for (int i = 0; i < 3; i++) { // name, extra fields, comment
        length += Short.toUnsignedInt(read.getShort(end + NAME_LENGTH + 2 * i));
      }
      if (length > read.capacity() - end || (end > 0 && end + length > most)) {
        break;
      }
      end += length;
    }
    boolean signed = read.capacity() >= Integer.BYTES && read.getInt(0) == SIGNATURE;
    if (end == 0 && read.capacity() > 0 && !signed) {
      throw new IOException("no sound directory entry at %s".formatted(start + from));
    }
    byte[] part = new byte[end];
    read.get(0, part);
    return part;
  }

  private static ByteBuffer read(SeekableByteChannel channel, long at, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    channel.position(at);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("%s of %s bytes at %s".formatted(buffer.position(), length, at));
      }
    }
    return buffer;
  }

  /** The archive up to its directory, a part of that, and the archive's end. */
  private static final class WithPart implements SeekableByteChannel {
    private final SeekableByteChannel archive;
    private final long start;
    private final ByteBuffer rest;
    private long position;

    WithPart(CentralDirectory directory, byte[] part) {
      this.archive = directory.channel();
      this.start = directory.start();
      this.rest =
          ByteBuffer.allocate(part.length + END_64_BYTES + LOCATOR_BYTES + END_BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .put(part);
      int size = part.length;
      if (directory.zip64()) {
        rest.putInt(END_64).putLong(END_64_BYTES - 12L).putShort((short) 45).putShort((short) 45);
        rest.putInt(0).putInt(0).putLong(-1).putLong(-1).putLong(size).putLong(start);
        rest.putInt(LOCATOR).putInt(0).putLong(start + size).putInt(1);
      }
      int said = directory.zip64() ? -1 : (int) directory.startAsSaid();
      rest.putInt(END).putLong(-1).putInt(size).putInt(said).putShort((short) 0);
      rest.flip();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (position < start) {
        int length = (int) Math.min(target.remaining(), start - position);
        archive.position(position);
        int n = archive.read(target.slice(target.position(), length));
        if (n > 0) {
          target.position(target.position() + n);
          position += n;
        }
        return n;
      }
      ByteBuffer source = rest.duplicate().position((int) Math.min(rest.limit(), position - start));
      if (!source.hasRemaining()) {
        return -1;
      }
      int n = Math.min(target.remaining(), source.remaining());
      target.put(source.limit(source.position() + n));
      position += n;
      return n;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long wanted) {
      position = wanted;
      return this;
    }

    @Override
    public long size() {
      return start + rest.limit();
    }

    @Override
    public boolean isOpen() {
      return archive.isOpen();
    }

    /** The archive stays open for the other parts. */
    @Override
    public void close() {}

    @Override
    public int write(ByteBuffer source) {
      throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new NonWritableChannelException();
    }
  }
}
