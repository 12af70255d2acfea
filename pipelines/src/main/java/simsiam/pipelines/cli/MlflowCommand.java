package simsiam.pipelines.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves the tracker's pages. */
@CommandLine.Command(
    name = "mlflow",
    description = "Serve the MLflow pages of a workspace until Ctrl-C; sends what is spooled.")
final class MlflowCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5000",
      description = "port on this machine (default: ${DEFAULT-VALUE})")
  private int port;

  MlflowCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    invoked().services().mlflow(workspace.open(), port, output());
    return ExitCode.OK;
  }
}
