package simsiam.pipelines.stages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.Stages;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.StageInputs;

/**
 * Fingerprints of the shipped configurations as users' workspaces have them. A line of the golden
 * file changes only when the stage's output does, which its version then says: weeks of training
 * depend on it.
 */
class GoldenFingerprintsTest {
  private static final Path CONF = Path.of("..", "conf");

  /** By file and stage, as if every data set had the same digest. */
  private static SortedMap<String, String> fingerprints() throws IOException {
    SortedMap<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.list(CONF)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".yaml")).toList()) {
        Map<String, String> made = new HashMap<>();
        for (Stage stage : new StageGraph(Stages.all()).of(load(file)).stages()) {
          NavigableMap<String, String> upstream = new TreeMap<>();
          stage.upstream().stream()
              .filter(made::containsKey)
              .forEach(name -> upstream.put(name, made.get(name)));
          String fingerprint =
              new StageInputs(
                      stage.name(),
                      stage.version(),
                      ConfigValues.slice(load(file), stage.configKeys()),
                      upstream,
                      stage.upstream().isEmpty() ? "digest" : "")
                  .fingerprint();
          made.put(stage.name(), fingerprint);
          all.put(file.getFileName() + " " + stage.name(), fingerprint.substring(0, 16));
        }
      }
    }
    return all;
  }

  private static RunConfig load(Path file) {
    return new ConfigLoader(Optional.empty()).load(file, List.of()).config();
  }

  @Test
  void shippedConfigurationsKeepTheirFingerprints() throws IOException {
    SortedMap<String, String> golden = new TreeMap<>();
    try (var lines = getClass().getResourceAsStream("fingerprints.txt")) {
      for (String line :
          new String(lines.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        int space = line.lastIndexOf(' ');
        golden.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    assertThat(fingerprints()).containsAllEntriesOf(golden);
  }

  /** A page that shows a value may not be kept when the value changes. */
  @Test
  void whatAReportShowsIsInTheInputsOfItsUpstreamStages() {
    Map<String, Stage> stages = new TreeMap<>();
    Stages.all().forEach(stage -> stages.put(stage.name(), stage));
    RunConfig config = load(CONF.resolve("base.yaml"));
    Set<String> declared = new HashSet<>();
    collect("report", stages, config, declared);
    Set<String> shown = ConfigValues.results(config).keySet();
    assertThat(declared).containsAll(ConfigValues.slice(config, shown).keySet()).isNotEmpty();
  }

  private static void collect(
      String name, Map<String, Stage> stages, RunConfig config, Set<String> declared) {
    Stage stage = stages.get(name);
    declared.addAll(ConfigValues.slice(config, stage.configKeys()).keySet());
    stage.upstream().forEach(upstream -> collect(upstream, stages, config, declared));
  }
}
