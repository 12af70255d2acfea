package simsiam.pipelines.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;

/** Commands with nothing to compute start at once: they load neither Beam nor an engine. */
class LazyLoadingTest {
  private static final String CONFIG = "../conf/quickstart.yaml";
  private static final String HEAVY =
      "(org\\.apache\\.(beam|parquet|hadoop)|org\\.(nd4j|deeplearning4j|bytedeco|mlflow))\\..*";

  @TempDir private Path folder;

  /** The classes that a command loads, in a Java of its own. */
  private List<String> loadedBy(String... command) throws Exception {
    Path classes = folder.resolve("classes.txt");
    List<String> line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes + "::filecount=0",
                "-cp",
                System.getProperty("java.class.path"),
                "simsiam.pipelines.cli.Main"));
    line.addAll(List.of(command));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output.txt").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("output.txt"))).isZero();
    return Files.readAllLines(classes).stream()
        .map(entry -> entry.replaceAll("^(\\[[^]]*\\])*\\s*(\\S+).*", "$2"))
        .toList();
  }

  /** Commits an empty output for every stage of the product. */
  private void finishEverything(Path runs) throws IOException {
    Workspace workspace = new Workspace(runs);
    LoadedConfig config =
        new ConfigLoader(Optional.empty()).load(Path.of(CONFIG), List.of("workspace=" + runs));
    Planner planner = new Planner(new StageGraph(Stages.all()), workspace);
    Map<String, String> digests = new TreeMap<>();
    for (PlannedStage stage : planner.plan(config, Selection.all()).selected()) {
      stage.folder().begin(stage.inputs(), new TreeMap<>(), false);
      TreeMap<String, String> upstream = new TreeMap<>();
      stage.stage().upstream().forEach(name -> upstream.put(name, digests.get(name)));
      SomeReport.of("done").write(stage.folder().partial());
      SuccessRecord record =
          new SuccessRecord(
              stage.fingerprint(),
              stage.inputs(),
              upstream,
              new TreeMap<>(),
              StageResult.of(SomeReport.of("done")),
              "2026-01-01T00:00:00Z",
              "2026-01-01T00:00:00Z",
              1,
              new TreeMap<>());
      stage.folder().commit(record);
      digests.put(stage.name(), record.outputDigest());
    }
  }

  @Test
  void planConfigAndStatusLoadNothingHeavy() throws Exception {
    for (String command : List.of("plan", "config")) {
      assertThat(loadedBy(command, CONFIG, "workspace=" + folder.resolve("runs")))
          .contains("simsiam.pipelines.cli.Main")
          .noneMatch(name -> name.matches(HEAVY));
    }
    assertThat(loadedBy("status", "--workspace", folder.resolve("runs").toString()))
        .noneMatch(name -> name.matches(HEAVY));
  }

  @Test
  void aRunWithNothingToDoLoadsNothingHeavy() throws Exception {
    Path runs = folder.resolve("runs");
    finishEverything(runs);

    assertThat(loadedBy("run", CONFIG, "workspace=" + runs))
        .contains("simsiam.pipelines.cli.run.RunSession")
        .noneMatch(name -> name.matches(HEAVY));

    assertThat(Files.readString(folder.resolve("output.txt")))
        .contains("pretrain")
        .doesNotContain(" ran ");
  }
}
