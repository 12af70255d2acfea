package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.grid.Axis;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepSpec;

/**
 * The outcome of a sweep so far: of each point, and over the seeds of each group.
 *
 * @param points in the order of the sweep
 * @param groups points that differ in the seed alone
 */
public record SweepResults(SweepPlan plan, List<Row> points, List<Group> groups) {
  private static final String COLLAPSED = "collapsed";

  public SweepResults {
    points = List.copyOf(points);
    groups = List.copyOf(groups);
  }

  /** What became of a point. */
  public enum State {
    /** All its outputs are there. */
    DONE,
    /** They are there, and training collapsed: a result like another. */
    COLLAPSED,
    /** It was tried and failed. */
    FAILED,
    /** It is still to be made, wholly or in part. */
    QUEUED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One point.
   *
   * @param measures of the stages whose output is there
   */
  public record Row(
      PlannedPoint planned,
      State state,
      SortedMap<String, Object> measures,
      PointFolder folder,
      Optional<PointFolder.Failure> failure) {}

  /**
   * Points that differ in the seed alone.
   *
   * @param labels their place on the other axes
   * @param rows of those that are done or collapsed
   * @param measures over them, for each number or yes-or-no that was measured
   * @param paper what was published for the place
   */
  public record Group(
      Map<String, String> labels,
      List<Row> rows,
      int points,
      int failed,
      SortedMap<String, Statistic> measures,
      Optional<SweepSpec.Paper.Figure> paper) {
    /** How many of the rows have collapsed. */
    public long collapsed() {
      return rows.stream().filter(row -> row.state() == State.COLLAPSED).count();
    }
  }

  /**
   * Mean and spread of a measure.
   *
   * @param std sample standard deviation, of n - 1 degrees of freedom; empty for a single value
   * @param n values
   */
  public record Statistic(double mean, OptionalDouble std, int n) {
    static Statistic of(List<Double> values) {
      double mean = values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
      if (values.size() < 2) {
        return new Statistic(mean, OptionalDouble.empty(), values.size());
      }
      double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
      return new Statistic(
          mean, OptionalDouble.of(Math.sqrt(squares / (values.size() - 1))), values.size());
    }
  }

  /** The outcome as of a plan just made. */
  public static SweepResults of(SweepPlan plan, Workspace workspace) throws IOException {
    List<Row> rows = new ArrayList<>();
    for (PlannedPoint planned : plan.points()) {
      PointFolder folder = new PointFolder(workspace, plan.sweep(), planned.point());
      SortedMap<String, Object> measures = PointMeasures.of(planned.plan());
      Optional<PointFolder.Failure> failure =
          planned.toRun().isEmpty()
              ? Optional.empty()
              : folder.failure(workspace, plan.sweep(), planned.point());
      rows.add(new Row(planned, state(planned, measures, failure), measures, folder, failure));
    }
    return new SweepResults(plan, rows, groups(plan, rows));
  }

  private static State state(
      PlannedPoint planned,
      SortedMap<String, Object> measures,
      Optional<PointFolder.Failure> failure) {
    if (!planned.toRun().isEmpty()) {
      return failure.isPresent() ? State.FAILED : State.QUEUED;
    }
    return Boolean.TRUE.equals(measures.get(COLLAPSED)) ? State.COLLAPSED : State.DONE;
  }

  private static List<Group> groups(SweepPlan plan, List<Row> rows) {
    Map<Map<String, String>, List<Row>> byPlace = new LinkedHashMap<>();
    for (Row row : rows) {
      for (Map<String, String> labels : row.planned().point().labels()) {
        Map<String, String> place = new LinkedHashMap<>(labels);
        place.remove(Axis.SEED);
        byPlace.computeIfAbsent(place, key -> new ArrayList<>()).add(row);
      }
    }
    List<Group> groups = new ArrayList<>();
    byPlace.forEach((place, all) -> groups.add(group(plan.sweep(), place, all)));
    return groups;
  }

  private static Group group(Sweep sweep, Map<String, String> place, List<Row> all) {
    List<Row> ended =
        all.stream()
            .filter(row -> row.state() == State.DONE || row.state() == State.COLLAPSED)
            .toList();
    Set<String> names = new TreeSet<>();
    ended.forEach(row -> names.addAll(row.measures().keySet()));
    SortedMap<String, Statistic> measures = new TreeMap<>();
    for (String name : names) {
      List<Double> values =
          ended.stream()
              .map(row -> row.measures().get(name))
              .filter(value -> value instanceof Number || value instanceof Boolean)
              .map(SweepResults::number)
              .toList();
      if (!values.isEmpty()) {
        measures.put(name, Statistic.of(values));
      }
    }
    int failed = (int) all.stream().filter(row -> row.state() == State.FAILED).count();
    return new Group(place, ended, all.size(), failed, measures, paper(sweep, place));
  }

  private static double number(Object value) {
    return value instanceof Number number
        ? number.doubleValue()
        : Boolean.TRUE.equals(value) ? 1 : 0;
  }

  private static Optional<SweepSpec.Paper.Figure> paper(Sweep sweep, Map<String, String> place) {
    return sweep.spec().paper().figures().stream()
        .filter(figure -> figure.when().holds(name -> sweep.spec().texts(name, place.get(name))))
        .findFirst();
  }

  /** Whether a group is what the others are compared with. */
  public boolean baseline(Group group) {
    SweepSpec spec = plan.sweep().spec();
    return spec.baseline()
        .map(condition -> condition.holds(name -> spec.texts(name, group.labels().get(name))))
        .orElse(false);
  }

  /** How many points are in a state. */
  public long count(State state) {
    return points.stream().filter(row -> row.state() == state).count();
  }

  /** {@code sweep.json}, in plain values. */
  public Map<String, Object> json() {
    Sweep sweep = plan.sweep();
    SweepSpec spec = sweep.spec();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", sweep.name());
    all.put("sweep", spec.name());
    all.put("question", spec.question());
    all.put("base", sweep.baseFile().toString());
    Map<String, Object> axes = new LinkedHashMap<>();
    spec.allAxes()
        .forEach(
            axis -> axes.put(axis.name(), axis.values().stream().map(Axis.Value::label).toList()));
    all.put("axes", axes);
    all.put("axis_order", spec.allAxes().stream().map(Axis::name).toList());
    all.put("measures", spec.measures());
    all.put("paper", Map.of("setting", spec.paper().setting()));
    all.put("points", points.stream().map(SweepResults::json).toList());
    all.put("groups", groups.stream().map(this::json).toList());
    all.put(
        "left_out",
        plan.leftOut().stream()
            .map(left -> Map.of("labels", left.labels(), "reason", left.reason()))
            .toList());
    return all;
  }

  private static Map<String, Object> json(Row row) {
    Map<String, Object> point = new LinkedHashMap<>();
    point.put("id", row.planned().point().id());
    point.put("labels", row.planned().point().labels());
    point.put("overrides", row.planned().point().overrides());
    point.put("state", row.state().toString());
    point.put("measures", row.measures());
    Map<String, String> stages = new LinkedHashMap<>();
    row.planned().plan().selected().forEach(stage -> stages.put(stage.name(), stage.fingerprint()));
    point.put("stages", stages);
    row.failure()
        .ifPresent(
            failure ->
                point.put(
                    "failure",
                    Map.of(
                        "exit", failure.exit(),
                        "cause", failure.cause(),
                        "ended", failure.ended(),
                        "log", row.folder().log().toString(),
                        "config", row.folder().config().toString())));
    return point;
  }

  private Map<String, Object> json(Group group) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("labels", group.labels());
    json.put("points", group.points());
    json.put("ids", group.rows().stream().map(row -> row.planned().point().id()).toList());
    json.put("failed", group.failed());
    json.put("collapsed", group.collapsed());
    json.put("baseline", baseline(group));
    Map<String, Object> measures = new LinkedHashMap<>();
    group
        .measures()
        .forEach(
            (name, statistic) -> {
              Map<String, Object> values = new LinkedHashMap<>();
              values.put("mean", statistic.mean());
              values.put("std", statistic.std().isPresent() ? statistic.std().getAsDouble() : null);
              values.put("n", statistic.n());
              measures.put(name, values);
            });
    json.put("measures", measures);
    group
        .paper()
        .ifPresent(
            figure -> {
              Map<String, Object> paper = new LinkedHashMap<>(figure.values());
              if (!figure.note().isEmpty()) {
                paper.put("note", figure.note());
              }
              json.put("paper", paper);
            });
    return json;
  }

  /** Writes {@code sweep.json} to the sweep's folder, from which its report can be made. */
  public Path write(Workspace workspace) throws IOException {
    Path folder = Files.createDirectories(PointFolder.of(workspace, plan.sweep()));
    Path file = folder.resolve("sweep.json");
    Json.write(file, json());
    return file;
  }
}
