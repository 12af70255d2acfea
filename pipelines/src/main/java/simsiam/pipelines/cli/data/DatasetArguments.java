package simsiam.pipelines.cli.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.dataset.PreparedDataset;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.plan.StageState;
import simsiam.pipelines.stage.store.Workspace;

/** The arguments that name a prepared data set. */
final class DatasetArguments {
  private static final String SHARD = "shard";
  private static final String PREPROCESS = "preprocess";

  @Parameters(
      index = "0",
      paramLabel = "FOLDER|CONFIG",
      description = "a folder with manifest.json, or the YAML file of a run that has made one")
  private Path place;

  @Parameters(
      index = "1..*",
      paramLabel = "key=value",
      description = "values over those of the file: dataset.limit=100")
  private List<String> overrides = List.of();

  /** The configuration; refused where a folder was given. */
  LoadedConfig config(String command) {
    if (Files.isDirectory(place)) {
      throw new UsageException(
          "Cannot %s: expected a configuration, which says how, got a folder (%s)"
              .formatted(command, place));
    }
    return new ConfigLoader(ConfigArguments.shipped()).load(place, overrides);
  }

  PreparedDataset find(Call call) throws IOException {
    try {
      if (Files.isDirectory(place)) {
        if (!overrides.isEmpty()) {
          throw new UsageException("Cannot set values: expected a configuration, got " + place);
        }
        return new PreparedDataset(place, Optional.empty());
      }
      return of(config("find the data"), call);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage(), e);
    }
  }

  private PreparedDataset of(LoadedConfig loaded, Call call) throws IOException {
    Workspace workspace = Workspace.at(loaded.config().workspace());
    Selection upToShard =
        new Selection(Optional.empty(), Optional.empty(), Optional.of(SHARD), false, Set.of());
    Map<String, PlannedStage> plan =
        new Planner(call.graph(), workspace).plan(loaded, upToShard).all();
    PlannedStage shard = plan.get(SHARD);
    if (shard.state() != StageState.CACHED) {
      throw new UsageException(
          "Cannot find the data: expected the output of stage shard, got none (%s); make it with: %s run %s --to shard"
              .formatted(shard.reason(), Call.program(), asTyped()));
    }
    return new PreparedDataset(
        shard.folder().committed(), Optional.of(plan.get(PREPROCESS).folder().committed()));
  }

  private String asTyped() {
    return Call.quoted(Stream.concat(Stream.of(place.toString()), overrides.stream()).toList());
  }
}
