package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeSet;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.grid.Axis;

/**
 * What stages are expected to take: as long as those of the workspace that are most like them, in
 * proportion to the epochs.
 */
public final class Estimates {
  private static final String EPOCHS = ".epochs";

  private final StageGraph graph;
  private final Workspace workspace;
  private final Map<String, List<SuccessRecord>> committed = new HashMap<>();

  public Estimates(StageGraph graph, Workspace workspace) {
    this.graph = graph;
    this.workspace = workspace;
  }

  /** Seconds; empty if nothing has been made of the same data. */
  public OptionalDouble seconds(PlannedStage stage) throws IOException {
    if (!committed.containsKey(stage.name())) {
      committed.put(stage.name(), workspace.committed(stage.name()));
    }
    OptionalDouble seconds = OptionalDouble.empty();
    int fewest = Integer.MAX_VALUE;
    for (SuccessRecord record : committed.get(stage.name())) { // the newest first
      int differing = differing(stage, record);
      if (sameData(stage, record) && differing < fewest) {
        fewest = differing;
        seconds = OptionalDouble.of(record.seconds() * epochs(stage, record));
      }
    }
    return seconds;
  }

  private boolean sameData(PlannedStage stage, SuccessRecord record) {
    return stage.inputs().source().equals(record.inputs().source())
        && graph.stages().stream()
            .filter(Stage::writesData)
            .map(Stage::name)
            .allMatch(
                data ->
                    Objects.equals(
                        stage.inputs().upstream().get(data), record.inputs().upstream().get(data)));
  }

  private static int differing(PlannedStage stage, SuccessRecord record) {
    Map<String, Object> now = stage.inputs().config();
    Map<String, Object> then = record.inputs().config();
    TreeSet<String> keys = new TreeSet<>(now.keySet());
    keys.addAll(then.keySet());
    keys.removeIf(key -> key.equals(Axis.SEED) || key.endsWith(EPOCHS));
    keys.removeIf(key -> text(now.get(key)).equals(text(then.get(key))));
    return keys.size();
  }

  private static String text(Object value) {
    return String.valueOf(value);
  }

  private static double epochs(PlannedStage stage, SuccessRecord record) {
    double factor = 1;
    for (Map.Entry<String, Object> entry : stage.inputs().config().entrySet()) {
      if (entry.getKey().endsWith(EPOCHS)
          && entry.getValue() instanceof Number now
          && record.inputs().config().get(entry.getKey()) instanceof Number then) {
        factor *= now.doubleValue() / then.doubleValue();
      }
    }
    return factor;
  }
}
