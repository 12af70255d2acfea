package simsiam.pipelines.stage.plan;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import simsiam.pipelines.stage.StageGraph;

/**
 * Which stages a command is about.
 *
 * @param only this stage alone
 * @param from this stage and what is downstream of it
 * @param to this stage and what is upstream of it
 * @param forceAll whether all of them run even if their output is there
 * @param forced stages that run even if their output is there
 */
public record Selection(
    Optional<String> only,
    Optional<String> from,
    Optional<String> to,
    boolean forceAll,
    Set<String> forced) {
  public Selection {
    forced = Set.copyOf(forced);
    if (only.isPresent() && (from.isPresent() || to.isPresent())) {
      throw new IllegalArgumentException(
          "Cannot select stages: expected --only or --from and --to, got both");
    }
  }

  /** Everything, whatever is there already left as it is. */
  public static Selection all() {
    return new Selection(Optional.empty(), Optional.empty(), Optional.empty(), false, Set.of());
  }

  /**
   * Names of the selected stages, in order.
   *
   * @throws IllegalArgumentException if a stage is unknown or not part of the run, or nothing is
   *     selected
   */
  public Set<String> of(StageGraph graph) {
    only.ifPresent(graph::require);
    from.ifPresent(graph::require);
    to.ifPresent(graph::require);
    forced.forEach(graph::require);
    Set<String> selected = graph.names();
    only.ifPresent(name -> selected.retainAll(Set.of(name)));
    from.ifPresent(name -> selected.retainAll(graph.withDownstream(name)));
    to.ifPresent(name -> selected.retainAll(graph.withUpstream(name)));
    if (selected.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot select stages: "
              + to.orElseThrow()
              + " does not read "
              + from.orElseThrow()
              + ", so none lies between");
    }
    Set<String> outside = new LinkedHashSet<>(forced);
    outside.removeAll(selected);
    if (!outside.isEmpty()) {
      throw new IllegalArgumentException(
          "Cannot force " + String.join(", ", outside) + ": it is not among the selected stages");
    }
    return selected;
  }

  boolean forces(String stage) {
    return forceAll || forced.contains(stage);
  }
}
