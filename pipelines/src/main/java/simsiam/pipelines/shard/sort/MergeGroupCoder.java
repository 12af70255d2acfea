package simsiam.pipelines.shard.sort;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.AtomicCoder;
import simsiam.pipelines.shard.keys.ShardRange;

/** Twenty bytes, the same for equal groups: runs may be grouped by it. */
final class MergeGroupCoder extends AtomicCoder<MergeGroup> {
  @Override
  public void encode(MergeGroup group, OutputStream stream) throws IOException {
    DataOutputStream out = new DataOutputStream(stream);
    out.writeInt(group.index());
    out.writeInt(group.shards().train());
    out.writeInt(group.shards().test());
    out.writeInt(group.shards().from());
    out.writeInt(group.shards().to());
    out.flush();
  }

  @Override
  public MergeGroup decode(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    return new MergeGroup(
        in.readInt(), new ShardRange(in.readInt(), in.readInt(), in.readInt(), in.readInt()));
  }
}
