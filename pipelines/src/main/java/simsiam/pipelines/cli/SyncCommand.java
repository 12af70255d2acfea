package simsiam.pipelines.cli;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Sends what could not be sent before. */
@CommandLine.Command(name = "sync", description = "Send the tracking data that was spooled.")
final class SyncCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  SyncCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    output().line(invoked().services().sync(workspace.open()));
    return ExitCode.OK;
  }
}
