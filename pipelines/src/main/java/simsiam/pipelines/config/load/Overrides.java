package simsiam.pipelines.config.load;

import java.util.List;
import java.util.Optional;

/** The {@code key=value} arguments of the command line, as a layer above the files. */
final class Overrides {
  private Overrides() {}

  /** Lays the overrides over {@code below}; of two for one key the later counts. */
  static Raw.Section overlay(Raw.Section below, List<String> overrides, List<ConfigError> errors) {
    Raw.Section result = below;
    for (String override : overrides) {
      Optional<Raw.Section> layer = parse(override, errors);
      if (layer.isPresent()) {
        result = ConfigFiles.overlay(result, layer.get());
      }
    }
    return result;
  }

  private static Optional<Raw.Section> parse(String override, List<ConfigError> errors) {
    Origin origin = new Origin.CommandLine(override);
    int equals = override.indexOf('=');
    if (equals <= 0) {
      errors.add(
          new ConfigError(
              "Cannot read an override: expected key=value, got " + ConfigError.shown(override),
              origin));
      return Optional.empty();
    }
    if (override.length() > RawYaml.MAX_LENGTH) {
      errors.add(
          new ConfigError(
              "Cannot read an override: expected at most %s characters, got %s"
                  .formatted(RawYaml.MAX_LENGTH, override.length()),
              origin));
      return Optional.empty();
    }
    String key = override.substring(0, equals).strip();
    int names = key.split("\\.", -1).length;
    if (names > RawYaml.MAX_DEPTH) {
      errors.add(
          new ConfigError(
              "Cannot read an override: expected at most %s names, got %s"
                  .formatted(RawYaml.MAX_DEPTH, names),
              origin));
      return Optional.empty();
    }
    return value(override.substring(equals + 1), origin, errors)
        .map(value -> new Assignment(key, origin, value).section());
  }

  /** Lists, maps and quoted text are YAML; anything else is taken as it stands. */
  static Optional<Raw> value(String text, Origin origin, List<ConfigError> errors) {
    boolean yaml = !text.isEmpty() && "[{\"'".indexOf(text.charAt(0)) >= 0;
    return yaml
        ? RawYaml.parse(text, (line, column) -> origin, errors)
        : Optional.of(new Raw.Scalar(text, true, origin));
  }
}
