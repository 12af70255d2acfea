package simsiam.pipelines.cli.call;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import simsiam.pipelines.stage.store.Workspace;

/** The option that names a workspace, for commands that take no configuration. */
public final class WorkspaceOption {
  @Option(
      names = "--workspace",
      paramLabel = "FOLDER",
      defaultValue = "runs",
      description =
          "folder of stages and runs, or its place in a store (default: ${DEFAULT-VALUE})")
  private String place;

  public Workspace open() {
    return Workspace.at(place);
  }

  /** The folder of that path, or the run of that name in the workspace. */
  public Optional<Path> folder(String name) throws IOException {
    Workspace workspace = open();
    List<Path> places =
        List.of(
            Path.of(name), workspace.invocations().resolve(name), workspace.root().resolve(name));
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        return Optional.of(place.toRealPath());
      }
    }
    return Optional.empty();
  }
}
