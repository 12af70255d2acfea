package simsiam.pipelines.stage.plan;

import java.util.List;
import java.util.Map;
import simsiam.pipelines.config.RunConfig;

/**
 * What a run would do.
 *
 * @param selected stages in order
 * @param all every stage of the graph, by name; also those that were not selected
 */
public record Plan(List<PlannedStage> selected, Map<String, PlannedStage> all) {
  public Plan {
    selected = List.copyOf(selected);
    all = Map.copyOf(all);
  }

  /** Whether there is nothing to do. */
  public boolean allCached() {
    return selected.stream().allMatch(stage -> stage.state() == StageState.CACHED);
  }

  /** The stages that cannot run. */
  public List<PlannedStage> blocked() {
    return selected.stream().filter(stage -> stage.state() == StageState.BLOCKED).toList();
  }

  /**
   * Asks every stage that will run whether it can here, before the first does any work.
   *
   * @throws IllegalStateException if this build or machine lacks something
   * @throws IllegalArgumentException if the configuration asks for what nothing here can do
   */
  public void requireMachine(RunConfig config) {
    selected.stream().filter(PlannedStage::runs).forEach(s -> s.stage().requireMachine(config));
  }
}
