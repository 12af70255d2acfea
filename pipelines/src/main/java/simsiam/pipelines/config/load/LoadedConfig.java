package simsiam.pipelines.config.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;

/**
 * A configuration with where it comes from.
 *
 * @param file as the user named it
 * @param overrides as the user typed them, in order
 * @param origins of each dotted key and section; the empty key is the file
 */
public record LoadedConfig(
    RunConfig config, Path file, List<String> overrides, Map<String, Origin> origins) {
  public LoadedConfig {
    overrides = List.copyOf(overrides);
    origins = Map.copyOf(origins);
  }

  /** The exception that reports broken rules (dotted keys) with the places of their values. */
  public ConfigException invalid(List<Violation> violations) {
    return new ConfigException(ConfigErrors.of(violations, "", origins));
  }
}
