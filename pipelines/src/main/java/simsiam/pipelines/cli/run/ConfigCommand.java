package simsiam.pipelines.cli.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.stage.Json;

/** Shows the configuration in effect. */
@CommandLine.Command(
    name = "config",
    description = "Show the values in effect and where each comes from.")
public final class ConfigCommand extends Command {
  @Mixin private ConfigArguments config;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public ConfigCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() {
    LoadedConfig loaded = config.load();
    Map<String, Object> values = new LinkedHashMap<>();
    ConfigValues.all(loaded.config())
        .forEach(
            (key, value) ->
                values.put(key, value instanceof String text ? Redaction.text(text) : value));
    if (json) {
      Map<String, Object> rows = new LinkedHashMap<>();
      values.forEach(
          (key, value) -> rows.put(key, Map.of("value", value, "origin", origin(loaded, key))));
      output().line(Json.pretty(rows));
      return ExitCode.OK;
    }
    List<List<String>> table = new ArrayList<>();
    values.forEach((key, value) -> table.add(List.of(key, shown(value), origin(loaded, key))));
    Text.table(table).forEach(output()::line);
    return ExitCode.OK;
  }

  private static String origin(LoadedConfig loaded, String key) {
    return loaded.origins().get(key).toString();
  }

  private static String shown(Object value) {
    return value.equals("") ? "\"\"" : value.toString();
  }
}
