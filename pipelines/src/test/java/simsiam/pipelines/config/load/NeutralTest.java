package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.config.Execution;
import simsiam.model.config.Neutral;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigValues.Which;

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

  /** Else a key that is not written would mean one thing here and another there. */
  @Test
  void theDefaultsAreNeutral() {
    RunConfig base =
        new ConfigLoader(Optional.empty()).load(Path.of("../conf/base.yaml"), List.of()).config();
    Set<String> neutral = new TreeSet<>(ConfigValues.results(base).keySet());
    neutral.removeAll(ConfigValues.slice(base, ConfigValues.results(base).keySet()).keySet());
    assertThat(neutral).contains("probe.c", "probe.held_out").containsAll(annotated("", base));
  }

  private static Set<String> annotated(String section, Record record) {
    Set<String> keys = new TreeSet<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String key = KeyNames.join(section, KeyNames.of(component));
      if (component.isAnnotationPresent(Execution.class)) {
        continue; // takes no part in fingerprints whatever its value
      }
      if (component.isAnnotationPresent(Neutral.class)) {
        keys.add(key);
      } else if (component.getType().isRecord()) {
        try {
          keys.addAll(annotated(key, (Record) component.getAccessor().invoke(record)));
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
    return keys;
  }

  /** Runs keep theirs with every key that there was, and no {@code extends}. */
  @Test
  void aConfigurationOfAnEarlierReleaseMeansTheNeutralValues(@TempDir Path folder)
      throws IOException {
    ConfigLoader loader = new ConfigLoader(Optional.empty());
    RunConfig base = loader.load(Path.of("../conf/base.yaml"), List.of()).config();
    String now = ConfigYaml.of(base);
    String earlier = now.replaceAll("(?m)^(probe:\n(  .*\n)+|  monitors: .*\n)", "");
    assertThat(now).contains("max_iterations", "monitors");
    assertThat(earlier).doesNotContain("max_iterations", "monitors");
    Path file = Files.writeString(folder.resolve("config.yaml"), earlier);
    assertThat(loader.load(file, List.of()).config()).isEqualTo(base);
  }

  @Test
  void otherValuesDo() {
    Section other = new Section(3, Mode.NEW_WAY, 0.25, List.of(1.0), 2);
    assertThat(values(other, Which.FINGERPRINT))
        .containsOnlyKeys("s.first", "s.mode", "s.share", "s.list");
  }
}
