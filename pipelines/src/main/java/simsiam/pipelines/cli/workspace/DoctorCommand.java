package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.Services;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Failures;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.machine.Machine;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Versions;
import simsiam.pipelines.stage.store.Workspace;

/** Shows what the program finds on this machine. */
@CommandLine.Command(name = "doctor", description = "Show what the program finds on this machine.")
public final class DoctorCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public DoctorCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Map<String, String> findings = findings(workspace.open());
    if (json) {
      output().line(Json.pretty(findings));
      return ExitCode.OK;
    }
    List<List<String>> table = new ArrayList<>();
    findings.forEach((name, value) -> table.add(List.of(name, value)));
    Text.table(table).forEach(output()::line);
    return ExitCode.OK;
  }

  private Map<String, String> findings(Workspace opened) throws IOException {
    Machine machine = new Machine();
    Services services = invoked().services();
    Map<String, String> findings = new LinkedHashMap<>();
    findings.put("simsiam", Versions.program());
    findings.put(
        "java",
        Runtime.version()
            + ", "
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.home"));
    findings.put("cpu", machine.processor());
    findings.put("cpu flags", machine.flags());
    findings.put("memory", machine.memory());
    findings.put("disk", machine.disk(opened.root()));
    findings.put("gpu", machine.gpu());
    findings.put("engine", guarded(services::engine));
    findings.put("bf16", guarded(services::bfloat16));
    findings.put("beam runners", machine.runners());
    findings.put("python", machine.python());
    findings.put("mlflow", guarded(() -> services.tracker(opened)));
    return findings;
  }

  /** What a part says about itself, or why it cannot. */
  private static String guarded(Supplier<String> part) {
    try {
      return part.get();
    } catch (RuntimeException | LinkageError e) {
      return "not usable: " + String.join("; ", Failures.messages(e));
    }
  }
}
