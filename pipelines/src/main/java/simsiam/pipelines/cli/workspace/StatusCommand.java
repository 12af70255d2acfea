package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.store.InvocationState;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;

/** Shows what a workspace holds. */
@CommandLine.Command(name = "status", description = "Show the runs and the outputs of a workspace.")
public final class StatusCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public StatusCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Workspace opened = workspace.open();
    List<Map<String, Object>> runs = runs(opened);
    List<Map<String, Object>> outputs = outputs(opened);
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("runs", runs);
      all.put("outputs", outputs);
      output().line(Json.pretty(all));
      return ExitCode.OK;
    }
    if (runs.isEmpty() && outputs.isEmpty()) {
      output().line("Nothing yet in " + Text.relative(opened.root()));
    }
    Text.rows(runs).forEach(output()::line);
    output().line("");
    outputs.forEach(row -> row.computeIfPresent("finished", (key, time) -> Text.time(time)));
    Text.rows(outputs).forEach(output()::line);
    return ExitCode.OK;
  }

  private static List<Map<String, Object>> runs(Workspace workspace) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Map.Entry<Path, InvocationState> entry : workspace.invocationStates().entrySet()) {
      InvocationState state = entry.getValue();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("run", entry.getKey().getFileName().toString());
      row.put("state", state.actual());
      row.put("command", state.command());
      rows.add(row);
    }
    return rows;
  }

  private List<Map<String, Object>> outputs(Workspace workspace) throws IOException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Stage stage : invoked().services().stages()) {
      for (SuccessRecord record : workspace.committed(stage.name())) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("stage", stage.name());
        row.put("fingerprint", Fingerprint.shortened(record.fingerprint()));
        row.put("finished", record.finished());
        row.put("took", Text.seconds(record.seconds()));
        row.put("result", record.result().headline());
        rows.add(row);
      }
    }
    return rows;
  }
}
