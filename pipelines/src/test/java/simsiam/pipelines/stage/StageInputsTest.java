package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StageInputsTest {
  private static StageInputs inputs(Map<String, Object> config) {
    return new StageInputs("a", 1, new TreeMap<>(config), new TreeMap<>(Map.of("b", "f1")), "s");
  }

  @Test
  void theFingerprintIsTheSha256OfSortedJson() {
    StageInputs inputs =
        inputs(Map.of("z", new BigDecimal("0.03"), "k", 1, "l", List.of(1, 2), "t", "x"));

    assertThat(Json.canonical(inputs))
        .isEqualTo(
            "{\"stage\":\"a\",\"version\":1,\"config\":{\"k\":1,\"l\":[1,2],\"t\":\"x\","
                + "\"z\":0.03},\"upstream\":{\"b\":\"f1\"},\"source\":\"s\"}");
    // printf '%s' '<the line above>' | sha256sum
    assertThat(inputs.fingerprint())
        .isEqualTo("4f00270bde6162b814fd4816029c19e32499e4a02d13cc5346a6643cb76dd2cb");
  }

  @Test
  void everyPartChangesTheFingerprint() {
    StageInputs base = inputs(Map.of("k", 1));

    assertThat(
            List.of(
                inputs(Map.of("k", 2)),
                inputs(Map.of("j", 1)),
                new StageInputs("b", 1, base.config(), base.upstream(), "s"),
                new StageInputs("a", 2, base.config(), base.upstream(), "s"),
                new StageInputs("a", 1, base.config(), new TreeMap<>(Map.of("b", "f2")), "s"),
                new StageInputs("a", 1, base.config(), base.upstream(), "t")))
        .extracting(StageInputs::fingerprint)
        .doesNotHaveDuplicates()
        .doesNotContain(base.fingerprint());
  }

  @Test
  void changesNameWhatAppearedAndWhatWentAway() {
    assertThat(inputs(Map.of("k", 1, "n", "")).changesSince(inputs(Map.of("k", 2, "m", "x"))))
        .containsExactly("k 2 -> 1", "m x -> (none)", "n (none) -> \"\"");
  }
}
