package simsiam.pipelines.shard.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.preprocess.PreparedSummary.Part;
import simsiam.pipelines.source.listing.SourceSplit;

class RunInputCoderTest {
  private final RunInputCoder coder = new RunInputCoder();

  @Test
  void theFilesOfARunSurvive() throws Exception {
    RunTask run =
        new RunTask(4, List.of(new Part("examples-00000", SourceSplit.TEST, 3, 9, "50u4ce")));

    assertThat(CoderUtils.clone(coder, run)).isEqualTo(run);
  }

  @Test
  void lostRowsSurvive() throws Exception {
    Map<Integer, Duplicate.Copy> rows =
        Map.of(
            7, new Duplicate.Copy("train/ä/1.png", "train", -1),
            90_000, new Duplicate.Copy("a#17", "test", 4));
    Map<Integer, Duplicate.Copy> read = new HashMap<>();

    ((LostRows) CoderUtils.clone(coder, LostRows.of(rows))).addTo(read);

    assertThat(read).isEqualTo(rows);
  }
}
