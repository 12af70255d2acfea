package simsiam.pipelines.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.sweep.SweepPlanTable;
import simsiam.pipelines.cli.sweep.SweepSession;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stages.data.SourceNote;
import simsiam.pipelines.sweep.grid.SweepArguments;

/** Shows what {@code run} with the same arguments would do, and why. */
@CommandLine.Command(
    name = "plan",
    description = {
      "Show which stages would run, which are cached, and why.",
      "Of a sweep (conf/ablations/*.yaml): its points, what they share, what is there, how long the"
          + " rest is expected to take."
    })
public final class PlanCommand extends Command {
  private static final String READS_SOURCE = "preprocess";

  @Mixin private ConfigArguments config;
  @Mixin private StageOptions stages;

  @Option(
      names = "--base",
      paramLabel = "CONFIG",
      description = "plan a sweep, with axes among the values (seed=0..2), on this configuration")
  private Path base;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public PlanCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    Optional<SweepArguments> sweep = SweepSession.arguments(config.words(), base);
    if (sweep.isPresent()) {
      RunnerOptions runner = stages.runner(invoked());
      SweepSession session = SweepSession.open(beside(), sweep.get(), false, runner);
      new SweepPlanTable(output(), session).show(json);
      return ExitCode.OK;
    }
    LoadedConfig loaded = config.load();
    RunnerOptions runner = stages.runner(invoked(), loaded);
    Workspace workspace = Workspace.at(loaded.config().workspace());
    Plan plan = stages.plan(loaded, beside(), workspace, runner);
    Optional<SourceNote> source =
        plan.selected().stream().anyMatch(stage -> stage.name().equals(READS_SOURCE))
            ? SourceNote.of(loaded.config())
            : Optional.empty();
    if (json) {
      List<Map<String, Object>> rows = rows(plan);
      source.ifPresent(note -> rows.get(0).put("source", note.values()));
      output().line(Json.pretty(rows));
      return ExitCode.OK;
    }
    List<List<String>> table = new ArrayList<>();
    for (PlannedStage stage : plan.selected()) {
      String last = stage.last().map(record -> Text.seconds(record.seconds())).orElse("");
      String folder = Text.relative(stage.folder().committed());
      table.add(List.of(stage.name(), stage.state().toString(), last, folder, stage.reason()));
    }
    Text.table(table).forEach(output()::line);
    source.ifPresent(
        note -> {
          output().line("");
          Text.table(note.rows()).forEach(output()::line);
        });
    return ExitCode.OK;
  }

  /** This call with what it shows on its way beside its result. */
  private Call beside() {
    Output shown = new Output(output().err(), output().err(), false);
    return new Call(invoked().services(), shown, invoked().args(), invoked().beamArguments());
  }

  /** The plan in plain values. */
  static List<Map<String, Object>> rows(Plan plan) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (PlannedStage stage : plan.selected()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("stage", stage.name());
      row.put("state", stage.state().toString());
      row.put("reason", Redaction.text(stage.reason()));
      row.put("fingerprint", stage.fingerprint());
      row.put("output", stage.folder().committed().toString());
      stage.last().ifPresent(record -> row.put("seconds", record.seconds()));
      rows.add(row);
    }
    return rows;
  }
}
