package simsiam.pipelines.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.stage.Workspace;

/** Writes curves and tables of runs. */
@CommandLine.Command(
    name = "report",
    description = "Write the curves and tables of one run, or of several side by side.")
final class ReportCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN",
      description = "folder of a run, or its name in the workspace (default: the newest)")
  private List<String> runs = List.of("latest");

  ReportCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Workspace opened = workspace.open();
    List<Path> folders = new ArrayList<>();
    for (String run : runs) {
      folders.add(find(opened, run));
    }
    for (Path file : invoked().services().report(opened, folders)) {
      output().line(Text.relative(file));
    }
    return ExitCode.OK;
  }

  private Path find(Workspace opened, String run) throws IOException {
    return workspace
        .folder(run)
        .orElseThrow(
            () ->
                new UsageException(
                    String.format(
                        "Cannot report on %s: expected a run of %s, got none of that name",
                        run, Text.relative(opened.root()))));
  }
}
