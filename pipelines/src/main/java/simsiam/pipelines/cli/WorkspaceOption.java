package simsiam.pipelines.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import simsiam.pipelines.stage.Workspace;

/** The option that names a workspace, for commands that take no configuration. */
final class WorkspaceOption {
  @Option(
      names = "--workspace",
      paramLabel = "FOLDER",
      defaultValue = "runs",
      description = "folder of stages and runs (default: ${DEFAULT-VALUE})")
  private Path folder;

  Workspace open() {
    return new Workspace(folder);
  }
}
