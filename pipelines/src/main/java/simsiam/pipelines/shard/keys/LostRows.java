package simsiam.pipelines.shard.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/**
 * Rows of one run whose equals are kept in other runs, with those, as one array of bytes: some 40 a
 * row, as there may be many where a set is there twice.
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are carried, not compared
public record LostRows(byte[] packed) implements RunInput {
  /**
   * Packs them.
   *
   * @param kept by row of the run, what is kept for it
   */
  static LostRows of(Map<Integer, Duplicate.Copy> kept) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(48 * kept.size());
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(kept.size());
    for (Map.Entry<Integer, Duplicate.Copy> row : kept.entrySet()) {
      out.writeInt(row.getKey());
      out.writeUTF(row.getValue().id());
      out.writeUTF(row.getValue().split());
      out.writeInt(row.getValue().label());
    }
    out.flush();
    return new LostRows(bytes.toByteArray());
  }

  /** Adds them to others of the run. */
  public void addTo(Map<Integer, Duplicate.Copy> kept) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(packed));
    for (int left = in.readInt(); left > 0; left--) {
      kept.put(in.readInt(), new Duplicate.Copy(in.readUTF(), in.readUTF(), in.readInt()));
    }
  }
}
