package simsiam.pipelines.shard.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.prepared.PreparedKey;

/**
 * Many keys as one array of bytes, some 130 a key: what a runner keeps in memory while it groups.
 */
final class PackedKeys {
  private static final int DIGEST_BYTES = 32;

  private PackedKeys() {}

  static byte[] pack(List<KeyRow> rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(150 * rows.size());
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(rows.size());
    for (KeyRow row : rows) {
      out.writeInt(row.run());
      out.writeInt(row.row());
      out.writeBoolean(row.test());
      PreparedKey key = row.key();
      out.writeUTF(key.id());
      out.writeInt(key.label());
      out.writeInt(key.imageBytes());
      out.write(key.digest());
      writeSums(key.sums(), out);
    }
    out.flush();
    return bytes.toByteArray();
  }

  static List<KeyRow> unpack(byte[] packed) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed));
    int count = in.readInt();
    List<KeyRow> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rows.add(
          new KeyRow(
              in.readInt(),
              in.readInt(),
              in.readBoolean(),
              new PreparedKey(
                  in.readUTF(), in.readInt(), in.readInt(), readDigest(in), readSums(in))));
    }
    return rows;
  }

  private static void writeSums(ChannelSums sums, DataOutputStream out) throws IOException {
    out.writeLong(sums.pixels());
    for (long value : sums.sums()) {
      out.writeLong(value);
    }
    for (long value : sums.squares()) {
      out.writeLong(value);
    }
  }

  private static byte[] readDigest(DataInputStream in) throws IOException {
    byte[] digest = new byte[DIGEST_BYTES];
    in.readFully(digest);
    return digest;
  }

  private static ChannelSums readSums(DataInputStream in) throws IOException {
    long pixels = in.readLong();
    long[] sums = {in.readLong(), in.readLong(), in.readLong()};
    long[] squares = {in.readLong(), in.readLong(), in.readLong()};
    return new ChannelSums(pixels, sums, squares);
  }
}
