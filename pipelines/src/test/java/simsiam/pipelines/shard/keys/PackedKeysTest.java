package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.prepared.PreparedKey;

class PackedKeysTest {
  @Test
  void unpacksWhatItPacked() throws Exception {
    List<KeyRow> rows =
        List.of(
            row(3, 7, true, "train/ä/1.png", -1, (byte) 9),
            row(0, 0, false, "data_batch_1.bin#17", 5, (byte) -3));

    assertThat(PackedKeys.unpack(PackedKeys.pack(rows)))
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(rows);
  }

  private static KeyRow row(int run, int row, boolean test, String id, int label, byte fill) {
    byte[] digest = new byte[32];
    digest[0] = fill;
    ChannelSums sums = ChannelSums.of(new byte[] {fill, 2, 3});
    return new KeyRow(run, row, test, new PreparedKey(id, label, 12, digest, sums));
  }
}
