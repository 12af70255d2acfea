package simsiam.pipelines.source.digest;

import java.io.BufferedOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import simsiam.model.file.AtomicFile;
import simsiam.model.file.Sha256;
import simsiam.pipelines.spool.SpooledList;

/**
 * A file of entries of one size, sorted by the hashes of their keys, in which any is found without
 * reading the others: it is mapped into memory, where it takes no heap.
 */
final class DigestTable {
  private static final byte[] HEADER =
      "simsiam source digests 3\n".getBytes(StandardCharsets.US_ASCII);

  /** Entries that are mapped together, below the 2 GB of a buffer. */
  private static final int OF_SEGMENT = 1 << 23;

  static final DigestTable EMPTY = new DigestTable(List.of(), 0);

  private final List<ByteBuffer> segments;
  private final long count;

  private DigestTable(List<ByteBuffer> segments, long count) {
    this.segments = segments;
    this.count = count;
  }

  /**
   * A digest and when it holds.
   *
   * @param high upper bits of the key's hash
   * @param low further bits of it
   * @param rest size, times and numbers of the file, hash of its version, and the digest
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, and compared by its content below
  record Entry(long high, long low, byte[] rest) {
    static final Comparator<Entry> BY_KEY =
        (a, b) -> {
          int byHigh = Long.compareUnsigned(a.high, b.high);
          return byHigh != 0 ? byHigh : Long.compareUnsigned(a.low, b.low);
        };

    private static final int VERSION_BYTES = 16;
    private static final int DIGEST_BYTES = 32;
    private static final int STAMP_BYTES = 5 * Long.BYTES + VERSION_BYTES;
    private static final int REST_BYTES = STAMP_BYTES + 1 + DIGEST_BYTES;
    private static final int BYTES = 2 * Long.BYTES + REST_BYTES;
    private static final byte HEX = -1;

    static Entry of(String key, FileStamp stamp, String digest) {
      ByteBuffer hash = hash(key);
      ByteBuffer rest = ByteBuffer.allocate(REST_BYTES);
      rest.put(bytes(stamp));
      if (digest.matches("[0-9a-f]{64}")) {
        rest.put(HEX).put(HexFormat.of().parseHex(digest));
      } else {
        byte[] text = digest.getBytes(StandardCharsets.UTF_8);
        rest.put((byte) text.length).put(text);
      }
      return new Entry(hash.getLong(), hash.getLong(), rest.array());
    }

    private static byte[] bytes(FileStamp stamp) {
      ByteBuffer bytes = ByteBuffer.allocate(STAMP_BYTES);
      bytes.putLong(stamp.bytes()).putLong(stamp.modified()).putLong(stamp.changed());
      bytes.putLong(stamp.device()).putLong(stamp.inode());
      if (!stamp.version().isEmpty()) {
        bytes.put(hash(stamp.version()).array(), 0, VERSION_BYTES);
      }
      return bytes.array();
    }

    private static ByteBuffer hash(String text) {
      return ByteBuffer.wrap(Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The digest, if it was taken of a file with this stamp. */
    Optional<String> digest(FileStamp stamp) {
      if (!Arrays.equals(rest, 0, STAMP_BYTES, bytes(stamp), 0, STAMP_BYTES)) {
        return Optional.empty();
      }
      int start = STAMP_BYTES + 1;
      byte length = rest[STAMP_BYTES];
      return Optional.of(
          length == HEX
              ? HexFormat.of().formatHex(rest, start, REST_BYTES)
              : new String(rest, start, length, StandardCharsets.UTF_8));
    }
  }

  /** How entries lie one after the other. */
  static final SpooledList.Form<Entry> FORM =
      new SpooledList.Form<>() {
        @Override
        public void write(Entry entry, DataOutput out) throws IOException {
          out.writeLong(entry.high());
          out.writeLong(entry.low());
          out.write(entry.rest());
        }

        @Override
        public Entry read(DataInput in) throws IOException {
          long high = in.readLong();
          long low = in.readLong();
          byte[] rest = new byte[Entry.REST_BYTES];
          in.readFully(rest);
          return new Entry(high, low, rest);
        }
      };

  /**
   * The table in a file.
   *
   * @return empty where it is one of another version
   * @throws IllegalArgumentException if it is damaged
   */
  static Optional<DigestTable> open(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = ByteBuffer.allocate(HEADER.length);
      while (header.hasRemaining() && channel.read(header) >= 0) {}
      if (!Arrays.equals(header.array(), HEADER)) {
        return Optional.empty();
      }
      long bytes = channel.size() - HEADER.length;
      if (bytes % Entry.BYTES != 0) {
        throw new IllegalArgumentException(
            "expected entries of %s bytes, got %s".formatted(Entry.BYTES, bytes));
      }
      List<ByteBuffer> segments = new ArrayList<>();
      long segment = (long) OF_SEGMENT * Entry.BYTES;
      for (long start = 0; start < bytes; start += segment) {
        long length = Math.min(segment, bytes - start);
        segments.add(channel.map(FileChannel.MapMode.READ_ONLY, HEADER.length + start, length));
      }
      return Optional.of(new DigestTable(segments, bytes / Entry.BYTES));
    }
  }

  /** The digest under a key, if it was taken of a file with this stamp. */
  Optional<String> find(String key, FileStamp stamp) {
    ByteBuffer hash = Entry.hash(key);
    long wantedHigh = hash.getLong();
    long wantedLow = hash.getLong();
    long low = 0;
    long high = count - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      int compared = compare(middle, wantedHigh, wantedLow);
      if (compared == 0) {
        return entry(middle).digest(stamp);
      } else if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  private int compare(long index, long high, long low) {
    ByteBuffer segment = segments.get((int) (index / OF_SEGMENT));
    int at = (int) (index % OF_SEGMENT) * Entry.BYTES;
    int byHigh = Long.compareUnsigned(segment.getLong(at), high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(segment.getLong(at + Long.BYTES), low);
  }

  private Entry key(long index) {
    ByteBuffer segment = segments.get((int) (index / OF_SEGMENT));
    int at = (int) (index % OF_SEGMENT) * Entry.BYTES;
    return new Entry(segment.getLong(at), segment.getLong(at + Long.BYTES), new byte[0]);
  }

  private Entry entry(long index) {
    ByteBuffer segment = segments.get((int) (index / OF_SEGMENT));
    int at = (int) (index % OF_SEGMENT) * Entry.BYTES;
    byte[] rest = new byte[Entry.REST_BYTES];
    segment.get(at + 2 * Long.BYTES, rest);
    return new Entry(segment.getLong(at), segment.getLong(at + Long.BYTES), rest);
  }

  /**
   * Writes the entries of this table and others, which take the place of those under their keys.
   *
   * @param more sorted; of those under one key the last counts
   */
  void writeWith(Iterator<Entry> more, Path file) throws IOException {
    Path temporary = AtomicFile.temporary(file);
    try {
      try (FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          DataOutputStream out =
              new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)))) {
        out.write(HEADER);
        merge(more, out);
        out.flush();
        channel.force(true);
      }
      AtomicFile.commit(temporary, file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void merge(Iterator<Entry> more, DataOutput out) throws IOException {
    long old = 0;
    Entry next = more.hasNext() ? more.next() : null;
    while (next != null) {
      Entry following = more.hasNext() ? more.next() : null;
      if (following == null || Entry.BY_KEY.compare(next, following) != 0) {
        while (old < count && Entry.BY_KEY.compare(key(old), next) < 0) {
          FORM.write(entry(old++), out);
        }
        if (old < count && Entry.BY_KEY.compare(key(old), next) == 0) {
          old++;
        }
        FORM.write(next, out);
      }
      next = following;
    }
    while (old < count) {
      FORM.write(entry(old++), out);
    }
  }
}
