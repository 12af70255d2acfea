package simsiam.pipelines.shard.keys;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;

/** Nine bytes, the same for equal ids: shards may be grouped by it. */
public final class ShardIdCoder extends AtomicCoder<ShardId> {
  @Override
  public void encode(ShardId id, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeBoolean(id.test());
    out.writeInt(id.index());
    out.writeInt(id.count());
    out.flush();
  }

  @Override
  public ShardId decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    return new ShardId(in.readBoolean(), in.readInt(), in.readInt());
  }
}
