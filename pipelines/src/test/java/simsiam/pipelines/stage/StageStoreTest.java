package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.file.Sha256;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.prune.Choice;
import simsiam.pipelines.prune.Removal;
import simsiam.pipelines.remote.Places;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.run.GraphRunner;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stage.store.WorkspacePlace;
import simsiam.pipelines.stages.data.PreprocessStage;
import simsiam.pipelines.stages.data.ShardStage;

/** A workspace with a half in a store, which machines share. */
class StageStoreTest {
  @TempDir private Path folder;
  private Path store;
  private LoadedConfig config;

  @BeforeEach
  void images() {
    store = Places.path("fake://workspaces/" + folder.getFileName());
    config =
        Study.config(
            "dataset.source=cifar10",
            "dataset.path=" + Fixtures.cifar10(folder.resolve("cifar"), 20),
            "shard.shards=2",
            "train.batch_size=10",
            "knn.k=5");
  }

  /** Runs the data stages; returns what the console was told of their ends. */
  private List<String> run(String machine, Optional<Path> stored) throws Exception {
    Workspace workspace = new Workspace(new WorkspacePlace(folder.resolve(machine), stored));
    RecordingConsole console = new RecordingConsole();
    Plan plan =
        new Planner(new StageGraph(List.of(new PreprocessStage(), new ShardStage())), workspace)
            .plan(config, Selection.all());
    new GraphRunner(
            workspace, console, new RecordingTracking(), RunnerOptions.direct(), new RunSummary())
        .run(config, plan);
    return console.lines.stream().filter(line -> line.matches("(ran|cached) .*")).toList();
  }

  private List<String> run(String machine) throws Exception {
    return run(machine, Optional.of(store));
  }

  /** Files below a folder and their hashes, but for records and what is derived from the rest. */
  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith("_") && !name.equals(StageReport.FILE_NAME)) {
          files.put(root.relativize(file).toString(), Sha256.of(file));
        }
      }
    }
    return files;
  }

  private Path stored(String stage, String suffix) throws IOException {
    try (Stream<Path> tree = Files.walk(store.resolve("stages").resolve(stage))) {
      return tree.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void holdsTheBytesOfAWorkspaceOnDisk() throws Exception {
    assertThat(run("disk", Optional.empty())).containsExactly("ran preprocess", "ran shard");
    assertThat(run("one")).containsExactly("ran preprocess", "ran shard");

    Map<String, String> expected = files(folder.resolve("disk/stages"));
    assertThat(files(store.resolve("stages"))).isEqualTo(expected);
    assertThat(files(folder.resolve("one/stages/shard")))
        .isEqualTo(files(folder.resolve("disk/stages/shard")));
    // Examples stay where the workers are.
    assertThat(files(folder.resolve("one/stages/preprocess")).keySet())
        .allMatch(file -> file.matches(".*/(summary.json|rejects.jsonl)"));
    assertThat(run("one")).containsExactly("cached preprocess", "cached shard");
  }

  @Test
  void givesAnotherMachineWhatIsMade() throws Exception {
    run("one");

    assertThat(run("two")).containsExactly("cached preprocess", "cached shard");
    assertThat(files(folder.resolve("two/stages"))).isEqualTo(files(folder.resolve("one/stages")));
  }

  @Test
  void whatIsNotFinishedThereIsMadeAgain() throws Exception {
    run("one");
    Map<String, String> made = files(store);
    Files.delete(stored("shard", "_SUCCESS.json"));

    assertThat(run("two")).containsExactly("cached preprocess", "ran shard");
    assertThat(files(store)).isEqualTo(made);
    assertThat(run("three")).containsExactly("cached preprocess", "cached shard");
  }

  @Test
  void whatIsDamagedThereIsMadeAgain() throws Exception {
    run("one");
    Map<String, String> made = files(store);
    Files.write(stored("shard", "train-00001-of-00002.parquet"), new byte[] {1, 2, 3});
    assertThat(files(store)).isNotEqualTo(made);

    assertThat(run("two")).containsExactly("cached preprocess", "ran shard");
    assertThat(files(store)).isEqualTo(made);
  }

  @Test
  void whatIsRemovedHereStaysThereAndIsTakenOverAgain() throws Exception {
    run("one");
    Map<String, String> made = files(store);
    Workspace workspace =
        new Workspace(new WorkspacePlace(folder.resolve("one"), Optional.of(store)));

    Removal removal =
        Removal.done(
            workspace,
            new Choice(Set.of(), Set.of(), Optional.of(Duration.ZERO), 0),
            stage -> false,
            holder -> {});

    assertThat(removal.removed()).hasSize(2);
    assertThat(folder.resolve("one/stages/shard")).isEmptyDirectory();
    assertThat(files(store)).isEqualTo(made);
    assertThat(run("one")).containsExactly("cached preprocess", "cached shard");
  }
}
