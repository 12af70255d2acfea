package simsiam.pipelines.shard.sort;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.shard.keys.ShardRange;

class MergeGroupCoderTest {
  @Test
  void groupsSurviveTheirCoderAndMayBeKeys() throws Exception {
    MergeGroupCoder coder = new MergeGroupCoder();
    coder.verifyDeterministic();
    MergeGroup group = new MergeGroup(3, new ShardRange(16, 4, 5, 18));

    assertThat(CoderUtils.clone(coder, group)).isEqualTo(group);
  }
}
