package simsiam.pipelines.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;
import simsiam.pipelines.config.ConfigValues.Which;

class NeutralTest {
  private enum Mode {
    PLAIN,
    NEW_WAY
  }

  /** A section to which keys were added after its first release. */
  private record Section(
      int first,
      @Neutral("plain") Mode mode,
      @Neutral("0.5") double share,
      @Neutral("[]") List<Double> list,
      @Execution int threads) {}

  private static Map<String, Object> values(Section section, Which which) {
    Map<String, Object> values = new LinkedHashMap<>();
    ConfigValues.collect("s", section, which, values);
    return values;
  }

  @Test
  void keysAtTheirNeutralValueTakeNoPartInFingerprints() {
    Section before = new Section(3, Mode.PLAIN, 0.5, List.of(), 2);
    assertThat(values(before, Which.FINGERPRINT)).containsOnlyKeys("s.first");
    assertThat(values(before, Which.RESULTS))
        .containsOnlyKeys("s.first", "s.mode", "s.share", "s.list");
    assertThat(values(before, Which.ALL))
        .containsOnlyKeys("s.first", "s.mode", "s.share", "s.list", "s.threads");
  }

  @Test
  void otherValuesDo() {
    Section other = new Section(3, Mode.NEW_WAY, 0.25, List.of(1.0), 2);
    assertThat(values(other, Which.FINGERPRINT))
        .containsOnlyKeys("s.first", "s.mode", "s.share", "s.list");
  }
}
