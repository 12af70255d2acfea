package simsiam.pipelines.config;

import java.util.Map;
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

  /** Text in single quotes, which YAML leaves alone but for the quotes themselves. */
  private static String scalar(Object value) {
    return value instanceof String text ? "'" + text.replace("'", "''") + "'" : value.toString();
  }
}
