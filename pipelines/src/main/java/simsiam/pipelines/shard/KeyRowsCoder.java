package simsiam.pipelines.shard;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.CustomCoder;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.PreparedKey;

/** Some 120 bytes a key: many keys travel as one element. */
final class KeyRowsCoder extends CustomCoder<List<KeyRow>> {
  private static final int DIGEST_BYTES = 32;

  @Override
  public void encode(List<KeyRow> rows, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
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
  }

  @Override
  public List<KeyRow> decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
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
