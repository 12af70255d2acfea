package simsiam.pipelines.config.load;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One value for one key, over what a configuration has for it.
 *
 * @param key dotted
 * @param keyOrigin where the key is written
 */
public record Assignment(String key, Origin keyOrigin, Raw value) {
  /**
   * The value that a text on the command line stands for: lists, maps and quoted text are YAML,
   * anything else is taken as it stands.
   *
   * @param errors takes what is wrong with YAML; there is no value then
   */
  public static Optional<Raw> value(String text, Origin origin, List<ConfigError> errors) {
    return Overrides.value(text, origin, errors);
  }

  /** The key's sections with nothing but this value in them. */
  Raw.Section section() {
    Raw inner = value;
    String[] names = key.split("\\.", -1);
    for (int i = names.length - 1; i >= 0; i--) {
      inner =
          new Raw.Section(
              new LinkedHashMap<>(Map.of(names[i], inner)),
              new LinkedHashMap<>(Map.of(names[i], keyOrigin)),
              keyOrigin);
    }
    return (Raw.Section) inner;
  }

  @Override
  public String toString() {
    return key + "=" + value.text();
  }
}
