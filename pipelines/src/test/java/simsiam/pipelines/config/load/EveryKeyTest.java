package simsiam.pipelines.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.pipelines.config.RunConfig;

/** Walks the records: a key that is dropped or swapped with another cannot hide. */
class EveryKeyTest {
  private static final Path BASE = Path.of("..", "conf", "base.yaml");

  /** Keys whose value is not free: what is not the default and breaks no rule. */
  private static final Map<String, String> SPECIAL =
      Map.ofEntries(
          Map.entry("dataset.limit", "5000"),
          Map.entry("train.device", "cuda:1"),
          Map.entry("tracking.uri", "http://localhost:5000"),
          Map.entry("dataset.path", "/data/images"),
          Map.entry("augment.crop_scale", "[0.3, 0.9]"),
          Map.entry("linear_augmented.crop_scale", "[0.3, 0.9]"),
          Map.entry("linear_augmented.test_resize", "40"),
          Map.entry("augment.device", "auto"),
          Map.entry("augment.mean", "[0.1, 0.2, 0.3]"),
          Map.entry("augment.std", "[0.4, 0.5, 0.6]"),
          Map.entry("train.engine", "torch"),
          Map.entry("train.device_cache", "never"),
          Map.entry("preprocess.encoding", "jpeg"),
          Map.entry("features.precision", "bf16"),
          Map.entry("few_shot.shots", "[1, 5]"),
          Map.entry("few_shot.fractions", "[0.01, 0.1]"),
          Map.entry("finetune.fractions", "[0.01, 0.1]"),
          Map.entry("finetune.decay_epochs", "[3, 7]"),
          Map.entry("finetune.crop_scale", "[0.3, 0.9]"),
          Map.entry("knn.grid_k", "[3, 7]"),
          Map.entry("svm.low_shot", "[3, 7]"),
          Map.entry("layers.milestones", "[3, 7]"),
          Map.entry("transfer", "[{name: a, source: mnist}]"),
          Map.entry("train.monitors", "[rank_me, spectrum]"));

  /** Keys that go with no other value of some of the others, each with what it needs. */
  private static final Map<String, List<String>> ALONE =
      Map.of(
          "objective.stop_gradient",
          List.of("objective.stop_gradient=false"),
          "objective.target_momentum",
          List.of("objective.targets=moving_average", "objective.target_momentum=0.5"));

  private static String another(String key, RecordComponent component, Object value) {
    if (SPECIAL.containsKey(key)) {
      return SPECIAL.get(key);
    }
    Class<?> type = component.getType();
    if (type.isEnum()) {
      List<String> constants = ScalarTypes.constants(type);
      return constants.get((constants.indexOf(value.toString()) + 1) % constants.size());
    }
    if (type == boolean.class) {
      return value.equals(true) ? "false" : "true";
    }
    if (type == double.class) {
      return new BigDecimal(value.toString())
          .multiply(new BigDecimal("0.5"))
          .add(new BigDecimal("0.03"))
          .toPlainString();
    }
    if (type == List.class) {
      return "[0.25, 1.5]";
    }
    return type == String.class ? "another" : Long.toString(Long.parseLong(value.toString()) + 2);
  }

  private static RunConfig load(List<String> overrides) {
    return new ConfigLoader(Optional.empty()).load(BASE, overrides).config();
  }

  @Test
  void everyKeyOfEveryRecordCanBeSetToAnotherValue() {
    Map<String, Object> defaults = ConfigValues.all(load(List.of()));
    Map<String, RecordComponent> keys = KeyNames.all(RunConfig.class);
    List<String> overrides = new ArrayList<>();
    defaults.forEach(
        (key, value) -> {
          if (!ALONE.containsKey(key)) {
            overrides.add(key + "=" + another(key, keys.get(key), value));
          }
        });

    Map<String, Object> changed = ConfigValues.all(load(overrides));
    ALONE.forEach(
        (key, alone) ->
            assertThat(ConfigValues.all(load(alone)).get(key))
                .as(key)
                .isNotEqualTo(defaults.get(key)));

    assertThat(changed.keySet()).isEqualTo(defaults.keySet()).hasSizeGreaterThan(60);
    for (String override : overrides) {
      String key = override.substring(0, override.indexOf('='));
      String value = override.substring(override.indexOf('=') + 1);
      if (key.equals("transfer")) {
        assertThat(changed.get(key).toString()).startsWith("[{name=a, source=mnist, ");
        continue;
      }
      assertThat(changed.get(key)).as(key).hasToString(value).isNotEqualTo(defaults.get(key));
    }
  }

  /** Those of one kind of a section only, which may be left out: as comments. */
  @Test
  void theBaseFileHasEveryKey() throws IOException {
    List<String> left = new ArrayList<>();
    Map<String, Object> defaults = ConfigValues.all(load(List.of()));
    KeyNames.all(RunConfig.class)
        .forEach(
            (key, component) -> {
              if (Variants.of(component.getType()).isEmpty() && !defaults.containsKey(key)) {
                left.add(key);
              }
            });
    assertThat(left)
        .containsExactlyInAnyOrder(
            "dataset.label_column", "dataset.label_key", "dataset.label_separator");
    assertThat(Files.readString(BASE))
        .contains(
            "\n  # label_column: \"\" ", "\n  # label_key: \"\" ", "\n  # label_separator: \"\" ");
  }

  @Test
  void everySectionOfTheRecordsIsARecordAndEveryKeyHasABindableType() {
    assertThat(KeyNames.all(RunConfig.class).values())
        .extracting(RecordComponent::getType)
        .allMatch(
            type ->
                Variants.of(type).isPresent()
                    || type.isEnum()
                    || Arrays.<Class<?>>asList(
                            int.class,
                            long.class,
                            double.class,
                            boolean.class,
                            String.class,
                            Device.class,
                            List.class)
                        .contains(type));
  }

  @Test
  void executionKeysTakeNoPartInASlice() {
    RunConfig config = load(List.of());

    assertThat(ConfigValues.slice(config, List.of("dataset", "tracking", "seed", "name")))
        .containsOnlyKeys("dataset.limit", "dataset.source", "seed");
  }
}
