package simsiam.pipelines.shard;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import simsiam.model.data.ImageExample;

/** The form of an example in a sorted run: order key, then length-prefixed fields. */
record SortedRecord(OrderKey order, ImageExample example) {
  private static final int FIXED = 2 * Long.BYTES + 5 * Integer.BYTES;

  /** Bytes of a record. */
  static int size(String id, int imageBytes) {
    return FIXED + id.getBytes(StandardCharsets.UTF_8).length + imageBytes;
  }

  ByteBuffer encode() {
    byte[] id = example.id().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED + id.length + example.image().length)
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

  /** Reads the record at the buffer's position and moves on. */
  static SortedRecord decode(ByteBuffer in) {
    OrderKey order = new OrderKey(in.getLong(), in.getLong());
    int label = in.getInt();
    int height = in.getInt();
    int width = in.getInt();
    String id = new String(bytes(in), StandardCharsets.UTF_8);
    return new SortedRecord(order, new ImageExample(id, label, height, width, bytes(in)));
  }

  private static byte[] bytes(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}
