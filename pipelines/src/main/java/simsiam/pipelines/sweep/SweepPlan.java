package simsiam.pipelines.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Planning;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stages.data.PreprocessStage;
import simsiam.pipelines.sweep.PlannedPoint.Node;
import simsiam.pipelines.sweep.grid.Point;
import simsiam.pipelines.sweep.grid.Sweep;

/**
 * What of a sweep is there, and what is to be made: the union of its points' stages, each output
 * once.
 *
 * @param leftOut places that the base, or its images, cannot have
 */
public record SweepPlan(Sweep sweep, List<PlannedPoint> points, List<Point.LeftOut> leftOut) {
  private static final String EPOCHS = "train.epochs";

  public SweepPlan {
    points = List.copyOf(points);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * The plan as of now.
   *
   * @param planning how it is made
   * @throws ConfigException if no point at all can be had, with the reasons of the first
   */
  public static SweepPlan of(Sweep sweep, StageGraph graph, Workspace workspace, Planning planning)
      throws IOException {
    Planner planner = new Planner(graph, workspace, planning);
    List<PlannedPoint> points = new ArrayList<>();
    List<Point.LeftOut> leftOut = new ArrayList<>(sweep.leftOut());
    Optional<ConfigException> first = Optional.empty();
    for (Point point : sweep.points()) {
      try {
        PlannedPoint planned =
            new PlannedPoint(point, planner.plan(point.config(), Selection.all()));
        Optional<String> few = tooFewSteps(sweep.spec().leastSteps(), point.config().config());
        if (few.isEmpty()) {
          points.add(planned);
        } else {
          leftOut.add(new Point.LeftOut(point.labels().get(0), few.get()));
        }
      } catch (ConfigException e) {
        first = first.or(() -> Optional.of(e));
        leftOut.add(new Point.LeftOut(point.labels().get(0), e.getMessage().replace("\n", "; ")));
      }
    }
    if (points.isEmpty() && first.isPresent()) {
      throw first.get();
    }
    return new SweepPlan(sweep, points, leftOut);
  }

  private static Optional<String> tooFewSteps(int least, RunConfig config) {
    if (least == 0) {
      return Optional.empty();
    }
    OptionalLong images = PreprocessStage.source(config).mostTrainImages();
    int batch = config.train().batchSize();
    return images.isPresent() && images.getAsLong() / batch < least
        ? Optional.of(
            "Cannot train on batches of %s: expected at least %s steps an epoch, got %s of %s images"
                .formatted(batch, least, images.getAsLong() / batch, images.getAsLong()))
        : Optional.empty();
  }

  /** The outputs to be made, each with the points that it is for. */
  public Map<Node, List<PlannedPoint>> toRun() {
    Map<Node, List<PlannedPoint>> nodes = new LinkedHashMap<>();
    for (PlannedPoint point : points) {
      for (PlannedStage stage : point.toRun()) {
        nodes.computeIfAbsent(Node.of(stage), node -> new ArrayList<>()).add(point);
      }
    }
    return nodes;
  }

  /**
   * Why points that differ from finished ones only in the number of epochs do not go on from them;
   * a line for each change.
   */
  public List<String> longerTrainings(Workspace workspace) throws IOException {
    SortedMap<String, TreeSet<String>> changes = new TreeMap<>();
    Map<String, List<SuccessRecord>> committed = new LinkedHashMap<>();
    for (PlannedPoint point : points) {
      for (PlannedStage stage : point.toRun()) {
        if (!stage.inputs().config().containsKey(EPOCHS)) {
          continue;
        }
        if (!committed.containsKey(stage.name())) {
          committed.put(stage.name(), workspace.committed(stage.name()));
        }
        for (SuccessRecord record : committed.get(stage.name())) {
          shorter(stage.inputs(), record.inputs())
              .ifPresent(
                  change ->
                      changes
                          .computeIfAbsent(change, key -> new TreeSet<>())
                          .add(point.point().id()));
        }
      }
    }
    return changes.entrySet().stream()
        .map(
            change ->
                "%s at %s point(s): training begins anew, as the schedule of the learning rate"
                        .formatted(change.getKey(), change.getValue().size())
                    + " depends on the number of epochs; what is there stays")
        .collect(Collectors.toList());
  }

  /** The change of epochs that alone makes the inputs other ones. */
  private static Optional<String> shorter(StageInputs now, StageInputs before) {
    List<String> changes = now.changesSince(before);
    return changes.size() == 1 && changes.get(0).startsWith(EPOCHS + " ")
        ? Optional.of(changes.get(0))
        : Optional.empty();
  }
}
