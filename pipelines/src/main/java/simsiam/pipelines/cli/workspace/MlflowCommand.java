package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.OrderlyEnd;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.load.Suggestions;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.tracking.Foreground;
import simsiam.pipelines.tracking.ServerControl;
import simsiam.pipelines.tracking.TrackingServer;

/** The real MLflow server of a workspace. */
@CommandLine.Command(
    name = "mlflow",
    description = {
      "Serve the MLflow pages of a workspace, after sending them what is spooled.",
      "Without a word the command stays until Ctrl-C, which stops the server if the command has"
          + " started it; a server that ran before, as runs start one, goes on running."
    },
    footer = "MLflow is installed on first use, for all workspaces, below ~/.cache/simsiam.")
public final class MlflowCommand extends Command {
  private static final List<String> KNOWN = List.of("start", "stop", "status");
  private static final Duration POLL = Duration.ofSeconds(1);

  @Parameters(
      arity = "0..1",
      paramLabel = "start|stop|status",
      description = "start the server and leave it running, stop it, or tell whether it runs")
  private String action = "";

  @Mixin private WorkspaceOption workspace;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "address to listen at (default: ${DEFAULT-VALUE}, this machine alone); at 0.0.0.0 the"
              + " network can read and write, without a password")
  private String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "5000",
      description = "port; if it is taken, the next free one (default: ${DEFAULT-VALUE})")
  private int port;

  public MlflowCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Workspace opened = workspace.open();
    ServerControl server = invoked().services().server(opened, host, port);
    return OrderlyEnd.of(
        () -> {
          act(server, opened);
          return ExitCode.OK;
        });
  }

  private void act(ServerControl server, Workspace opened)
      throws IOException, InterruptedException {
    switch (action) {
      case "" -> new Foreground(server, output()::line, POLL).serve(() -> send(opened));
      case "start" -> start(server, opened);
      case "stop" -> output().line(server.stop() ? "Stopped MLflow." : "MLflow is not running.");
      case "status" -> output().line(status(server.url()));
      default ->
          throw new UsageException(
              String.format(
                  "Cannot %s MLflow: expected one of %s, or no word%s",
                  action, String.join(", ", KNOWN), Suggestions.didYouMean(action, KNOWN)));
    }
  }

  private void start(ServerControl server, Workspace opened)
      throws IOException, InterruptedException {
    boolean running = server.url().isPresent();
    output().line("MLflow: " + server.start(output()::line) + (running ? " (was running)" : ""));
    send(opened);
  }

  private void send(Workspace opened) throws IOException, InterruptedException {
    output()
        .line(
            invoked()
                .services()
                .outbox(opened, TrackingServer.MANAGED)
                .send(output()::line)
                .line());
  }

  private static String status(Optional<String> url) {
    return url.map(at -> "MLflow: " + at).orElse("MLflow is not running.");
  }
}
