package simsiam.pipelines.shard.sort;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import simsiam.model.data.ImageExample;
import simsiam.pipelines.shard.keys.OrderKey;

/** The form of an example in a sorted run: split and order key, then length-prefixed fields. */
record SortedRecord(boolean test, OrderKey order, ImageExample example)
    implements Comparable<SortedRecord> {
  private static final int FIXED = 1 + 2 * Long.BYTES + 5 * Integer.BYTES;

  /** Bytes of a record. */
  static int size(String id, int imageBytes) {
    return FIXED + id.getBytes(StandardCharsets.UTF_8).length + imageBytes;
  }

  ByteBuffer encode() {
    byte[] id = example.id().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED + id.length + example.image().length)
        .put((byte) (test ? 1 : 0))
        .putLong(order.high())
        .putLong(order.low())
        .putInt(example.label())
        .putInt(example.height())
        .putInt(example.width())
        .putInt(id.length)
        .put(id)
        .putInt(example.image().length)
        .put(example.image())
        .flip();
  }

  /** Reads the next record. */
  static SortedRecord read(DataInputStream in) throws IOException {
    boolean test = in.readBoolean();
    OrderKey order = new OrderKey(in.readLong(), in.readLong());
    int label = in.readInt();
    int height = in.readInt();
    int width = in.readInt();
    String id = new String(bytes(in), StandardCharsets.UTF_8);
    return new SortedRecord(test, order, new ImageExample(id, label, height, width, bytes(in)));
  }

  int size() {
    return size(example.id(), example.image().length);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  @Override
  public int compareTo(SortedRecord other) {
    int bySplit = Boolean.compare(test, other.test);
    int byOrder = bySplit != 0 ? bySplit : order.compareTo(other.order);
    return byOrder != 0 ? byOrder : example.id().compareTo(other.example.id());
  }
}
