package simsiam.pipelines.stage;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The stages, each after those it reads. */
public final class StageGraph {
  private final Map<String, Stage> stages = new LinkedHashMap<>();

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

  /** In an order in which they can run. */
  public List<Stage> stages() {
    return List.copyOf(stages.values());
  }

  public Set<String> names() {
    return new LinkedHashSet<>(stages.keySet());
  }

  Stage stage(String name) {
    return stages.get(name);
  }

  /** The stage and all that it reads, directly or not. */
  Set<String> withUpstream(String name) {
    Set<String> closure = new LinkedHashSet<>();
    for (String upstream : stage(name).upstream()) {
      closure.addAll(withUpstream(upstream));
    }
    closure.add(name);
    return closure;
  }

  /** The stage and all that read it, directly or not. */
  Set<String> withDownstream(String name) {
    Set<String> closure = new LinkedHashSet<>();
    for (Stage stage : stages.values()) {
      if (withUpstream(stage.name()).contains(name)) {
        closure.add(stage.name());
      }
    }
    return closure;
  }
}
