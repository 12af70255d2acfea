package simsiam.pipelines.config.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.reader.StreamReader;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.redact.Redaction;

/** The configuration in effect as one YAML file that extends no other. */
public final class ConfigYaml {
  private ConfigYaml() {}

  /** With a comment that says where the values come from. */
  public static String of(LoadedConfig loaded) {
    StringBuilder yaml = new StringBuilder("# Every value in effect; made from " + loaded.file());
    Redaction.words(loaded.overrides()).forEach(override -> yaml.append(' ').append(override));
    return yaml.append('\n').append(of(loaded.config())).toString();
  }

  /** Every value, in declared order; of one with a secret in it, the rest. */
  public static String of(RunConfig config) {
    return of(ConfigValues.all(config));
  }

  /** What can change a result, on top of the defaults. */
  public static String resultsOf(RunConfig config) {
    return "extends: base.yaml\n" + of(ConfigValues.results(config));
  }

  private static String of(Map<String, Object> values) {
    StringBuilder yaml = new StringBuilder();
    if (values.values().stream().anyMatch(value -> !shown(value).equals(value))) {
      yaml.append("# A secret is left out: write it in place of ").append(Redaction.MARK);
      yaml.append('\n');
    }
    String[] last = {};
    for (Map.Entry<String, Object> entry : values.entrySet()) {
      String[] path = entry.getKey().split("\\.", -1);
      int shared = 0;
      while (shared < path.length - 1
          && shared < last.length - 1
          && path[shared].equals(last[shared])) {
        shared++;
      }
      for (int i = shared; i < path.length - 1; i++) {
        yaml.append("  ".repeat(i)).append(path[i]).append(":\n");
      }
      yaml.append("  ".repeat(path.length - 1)).append(path[path.length - 1]).append(": ");
      yaml.append(scalar(shown(entry.getValue()))).append('\n');
      last = path;
    }
    return yaml.toString();
  }

  private static Object shown(Object value) {
    return value instanceof String text ? Redaction.text(text) : value;
  }

  /**
   * Text in single quotes, which YAML leaves alone but for the quotes themselves; with line breaks
   * and the like in double ones, which have escapes; lists and the sections in them on one line.
   */
  private static String scalar(Object value) {
    if (value instanceof Map<?, ?> section) {
      return section.entrySet().stream()
          .map(entry -> entry.getKey() + ": " + scalar(shown(entry.getValue())))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(item -> item instanceof Map ? scalar(item) : item.toString())
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (!(value instanceof String text)) {
      return value.toString();
    }
    if (text.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || !StreamReader.isPrintable(c))) {
      return "'" + text.replace("'", "''") + "'";
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\';
      quoted.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
    }
    return quoted.append('"').toString();
  }
}
