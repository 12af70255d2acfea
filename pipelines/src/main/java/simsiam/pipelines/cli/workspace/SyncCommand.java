package simsiam.pipelines.cli.workspace;

import java.io.IOException;
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
import simsiam.pipelines.cli.console.OrderlyEnd;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.tracking.Outbox;
import simsiam.pipelines.tracking.Shipment;
import simsiam.pipelines.tracking.TrackingServer;

/** Sends what could not be sent before. */
@CommandLine.Command(
    name = "sync",
    description = "Send the tracking data that was spooled; what a server has is not sent again.",
    footer = "Exit code 3: something could not be sent.")
public final class SyncCommand extends Command {
  @Mixin private WorkspaceOption workspace;

  @Option(
      names = "--uri",
      paramLabel = "URI",
      defaultValue = TrackingServer.MANAGED,
      description =
          "the tracking server, http://...; managed (default): that of MLFLOW_TRACKING_URI, else the"
              + " workspace's own, which is started")
  private String uri;

  @Option(names = "--watch", description = "go on sending what is added, until Ctrl-C")
  private boolean watch;

  @Option(names = "--status", description = "send nothing; show what waits, run by run")
  private boolean status;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public SyncCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    if (watch && status) {
      throw new UsageException("Cannot sync: expected --watch or --status, got both");
    }
    Outbox outbox = invoked().services().outbox(workspace.open(), uri);
    return OrderlyEnd.of(() -> act(outbox));
  }

  private int act(Outbox outbox) throws IOException, InterruptedException {
    if (status) {
      show(outbox.status());
      return ExitCode.OK;
    }
    if (watch) {
      outbox.watch(this::note, new Changes()::show);
    }
    Shipment shipment = outbox.send(this::note);
    show(shipment);
    return shipment.isComplete() ? ExitCode.OK : ExitCode.STAGE_FAILED;
  }

  /** Notes must not get between lines of JSON. */
  private void note(String line) {
    if (json) {
      output().complain(line);
    } else {
      output().line(line);
    }
  }

  private void show(Shipment shipment) {
    output().line(json ? Json.canonical(shipment) : shipment.line());
  }

  private void show(List<Outbox.Row> rows) {
    if (json) {
      output().line(Json.pretty(rows));
    } else if (rows.isEmpty()) {
      output().line("No run is spooled in " + Text.relative(workspace.open().root()));
    } else {
      Text.rows(table(rows)).forEach(output()::line);
    }
  }

  private static List<Map<String, Object>> table(List<Outbox.Row> rows) {
    List<Map<String, Object>> table = new ArrayList<>();
    boolean trouble = rows.stream().anyMatch(row -> !row.trouble().isEmpty());
    boolean elsewhere = rows.stream().anyMatch(row -> row.elsewhere() > 0);
    for (Outbox.Row row : rows) {
      Map<String, Object> cells = new LinkedHashMap<>();
      cells.put("run", row.run());
      cells.put("entries", row.entries());
      cells.put("waiting", row.waiting());
      cells.put("refused", row.refused());
      if (elsewhere) {
        cells.put("elsewhere", row.elsewhere());
      }
      if (trouble) {
        cells.put("trouble", row.trouble());
      }
      table.add(cells);
    }
    return table;
  }

  /** Shows a state that differs from the last one shown. */
  private final class Changes {
    private String last = "";

    void show(Shipment shipment) {
      String now = shipment.toString();
      if (!now.equals(last)) {
        SyncCommand.this.show(shipment);
        last = now;
      }
    }
  }
}
