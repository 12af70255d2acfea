package simsiam.pipelines.stage;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.Suggestions;

/** The stages, each after those it reads. */
public final class StageGraph {
  private final Map<String, Stage> stages = new LinkedHashMap<>();

  /** Stages of the product that are not part of the run. */
  private final Map<String, Stage> disabled = new LinkedHashMap<>();

  /**
   * A graph of stages given in an order in which they can run.
   *
   * @throws IllegalArgumentException if a name comes twice, or a stage before its upstream
   */
  public StageGraph(Collection<? extends Stage> inOrder) {
    for (Stage stage : inOrder) {
      if (!stages.keySet().containsAll(stage.upstream())) {
        throw new IllegalArgumentException(
            "Cannot order stages: expected those upstream of "
                + stage.name()
                + " before it, got "
                + stage.upstream()
                + " after "
                + stages.keySet());
      }
      if (stages.putIfAbsent(stage.name(), stage) != null) {
        throw new IllegalArgumentException("Cannot have two stages named " + stage.name());
      }
    }
  }

  private StageGraph(StageGraph all, RunConfig config) {
    disabled.putAll(all.disabled);
    all.stages.forEach(
        (name, stage) -> (stage.enabled(config) ? stages : disabled).put(name, stage));
  }

  /** The stages that are part of a run with this configuration. */
  public StageGraph of(RunConfig config) {
    return new StageGraph(this, config);
  }

  /** In an order in which they can run. */
  public List<Stage> stages() {
    return List.copyOf(stages.values());
  }

  public Set<String> names() {
    return new LinkedHashSet<>(stages.keySet());
  }

  public Stage stage(String name) {
    return stages.get(name);
  }

  /**
   * Requires a stage to be part of the run.
   *
   * @throws IllegalArgumentException if it is not
   */
  public void require(String name) {
    if (disabled.containsKey(name)) {
      throw new IllegalArgumentException(
          "Cannot select stage %s: expected one that the configuration asks for, got none; set %s"
              .formatted(name, disabled.get(name).enabledBy()));
    }
    if (!stages.containsKey(name)) {
      throw new IllegalArgumentException(
          "Cannot select stage "
              + name
              + ": expected one of "
              + String.join(", ", names())
              + Suggestions.didYouMean(name, names()));
    }
  }

  /** Those of the graph whose output a stage reads. */
  public List<String> upstream(Stage stage) {
    return stage.upstream().stream().filter(stages::containsKey).toList();
  }

  /** The stage and all that it reads, directly or not. */
  public Set<String> withUpstream(String name) {
    Set<String> closure = new LinkedHashSet<>();
    for (String upstream : upstream(stage(name))) {
      closure.addAll(withUpstream(upstream));
    }
    closure.add(name);
    return closure;
  }

  /** The stage and all that read it, directly or not. */
  public Set<String> withDownstream(String name) {
    Set<String> closure = new LinkedHashSet<>();
    for (Stage stage : stages.values()) {
      if (withUpstream(stage.name()).contains(name)) {
        closure.add(stage.name());
      }
    }
    return closure;
  }
}
