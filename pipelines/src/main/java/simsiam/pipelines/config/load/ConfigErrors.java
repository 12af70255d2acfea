package simsiam.pipelines.config.load;

import java.util.List;
import java.util.Map;
import simsiam.model.config.Violation;

/** Gives the broken rules of records the place where the value was written. */
final class ConfigErrors {
  private ConfigErrors() {}

  /**
   * One error for each violation.
   *
   * @param section to which the violations' keys are relative; empty: the whole configuration
   */
  static List<ConfigError> of(
      List<Violation> violations, String section, Map<String, Origin> origins) {
    return violations.stream()
        .map(
            violation -> {
              String key = KeyNames.join(section, violation.key());
              return ConfigError.value(
                      key, violation.expected(), violation.value(), origin(key, origins))
                  .ofRule();
            })
        .toList();
  }

  /** Of the key, else of the section around it. */
  private static Origin origin(String key, Map<String, Origin> origins) {
    Origin origin = origins.get(key);
    if (origin != null) {
      return origin;
    }
    if (key.isEmpty()) {
      throw new IllegalArgumentException("Cannot place a violation: expected the origin of a file");
    }
    return origin(key.substring(0, Math.max(0, key.lastIndexOf('.'))), origins);
  }
}
