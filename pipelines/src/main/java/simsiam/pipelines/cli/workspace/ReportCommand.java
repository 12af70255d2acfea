package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stages.report.RunFolders;
import simsiam.pipelines.stages.report.SweepReports;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** Writes curves and tables of runs. */
@CommandLine.Command(
    name = "report",
    description = {
      "Write the curves and tables of one run, of several side by side, or of a sweep so far."
    })
public final class ReportCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN|SWEEP",
      description =
          "folder of a run, or its name in the workspace (default: the newest); or folder, name or"
              + " file of one sweep")
  private List<String> runs = List.of("latest");

  public ReportCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Workspace opened = workspace.open();
    boolean run = workspace.folder(runs.get(0)).filter(RunFolders::isRun).isPresent();
    Optional<Path> sweep = runs.size() == 1 && !run ? sweep(opened, runs.get(0)) : Optional.empty();
    if (sweep.isPresent()) {
      List<Stage> stages = invoked().services().stages();
      for (Path file : new SweepReports(stages, holder(opened, sweep.get())).write(sweep.get())) {
        output().line(Text.relative(file));
      }
      return ExitCode.OK;
    }
    List<Path> folders = new ArrayList<>();
    for (String name : runs) {
      folders.add(find(opened, name));
    }
    for (Path file : invoked().services().report(opened, folders)) {
      output().line(Text.relative(file));
    }
    return ExitCode.OK;
  }

  /** The sweep of that folder, name or file; empty if it is none. */
  private static Optional<Path> sweep(Workspace opened, String name) throws IOException {
    Path path = Path.of(name);
    if (Files.exists(path.resolve(SweepReports.SWEEP))) {
      return Optional.of(path.toRealPath());
    }
    Map<Path, String> sweeps = SweepReports.all(opened);
    Path folder = opened.root().resolve("sweeps").resolve(name);
    if (sweeps.containsKey(folder)) {
      return Optional.of(folder);
    }
    boolean file = SweepArguments.names(path, ConfigArguments.shipped());
    String wanted = file ? SweepArguments.name(path, ConfigArguments.shipped()) : name;
    List<Path> found = new ArrayList<>(sweeps.keySet());
    found.removeIf(each -> !sweeps.get(each).equals(wanted));
    if (found.size() > 1 || (file && found.isEmpty())) {
      throw new UsageException(
          "Cannot report on %s: expected one sweep of that name in %s, got %s"
              .formatted(
                  name,
                  Text.relative(opened.root()),
                  found.isEmpty()
                      ? "none; simsiam ablate makes it"
                      : found.stream()
                          .map(each -> each.getFileName().toString())
                          .collect(Collectors.joining(", "))));
    }
    return found.stream().findFirst();
  }

  /** The workspace that a sweep's folder is in. */
  private static Workspace holder(Workspace opened, Path sweep) throws IOException {
    Path root = sweep.toRealPath().getParent().getParent();
    boolean same = Files.isDirectory(opened.root()) && opened.root().toRealPath().equals(root);
    return same ? opened : new Workspace(root);
  }

  private Path find(Workspace opened, String run) throws IOException {
    return workspace
        .folder(run)
        .orElseThrow(
            () ->
                new UsageException(
                    String.format(
                        "Cannot report on %s: expected a run or a sweep of %s, got none of that name",
                        run, Text.relative(opened.root()))));
  }
}
