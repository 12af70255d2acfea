package simsiam.pipelines.sweep.grid;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.Assignment;
import simsiam.pipelines.config.load.ConfigError;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.config.load.Origin;
import simsiam.pipelines.config.load.Raw;
import simsiam.pipelines.stage.Fingerprint;

/** Makes the points of a sweep on a base: every combination of the values of its axes. */
final class Grid {
  private static final int MOST_POINTS = 10_000;
  private static final int ID_DIGITS = 10;

  private SweepSpec spec;
  private final Path baseFile;
  private final ConfigLoader loader;
  private final List<ConfigError> errors;
  private final Set<ConfigError> pointErrors = new LinkedHashSet<>();
  private final List<Point.LeftOut> leftOut = new ArrayList<>();
  private final Map<Axis.Value, String> unattainable = new HashMap<>();
  private Map<String, Object> baseValues = Map.of();

  /**
   * A grid still to be expanded.
   *
   * @param errors takes what is wrong
   */
  Grid(SweepSpec spec, Path baseFile, ConfigLoader loader, List<ConfigError> errors) {
    this.spec = spec;
    this.baseFile = baseFile;
    this.loader = loader;
    this.errors = errors;
  }

  /** A combination of values, one of each axis. */
  private record Combination(Map<String, String> labels, List<Axis.Value> values) {
    /** The labels in the order in which they are read: that of the axes, seeds last. */
    Map<String, String> place() {
      Map<String, String> place = new LinkedHashMap<>(labels);
      String seed = place.remove(Axis.SEED);
      if (seed != null) {
        place.put(Axis.SEED, seed);
      }
      return place;
    }
  }

  /** The sweep; empty if something is wrong. */
  Optional<Sweep> expand() {
    Optional<LoadedConfig> plain = load(List.of());
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    baseValues = ConfigValues.all(plain.get().config());
    List<Assignment> shared = new ArrayList<>(List.of(collapsedToTheEnd()));
    shared.addAll(resolved(spec.overrides()));
    Optional<LoadedConfig> base = load(shared);
    if (base.isEmpty()) { // go on without, to find what else is wrong
      shared = List.of();
      base = plain;
    }
    baseValues = ConfigValues.all(base.get().config());
    requireAxes(base.get().config());
    spec = spec.with(spec.overrides(), resolvedAxes());
    List<Point> points = points(combinations(), shared, ConfigValues.results(plain.get().config()));
    errors.addAll(pointErrors);
    if (errors.isEmpty() && points.isEmpty()) {
      String got =
          leftOut.isEmpty() ? "every one excluded" : leftOut.get(0).reason() + " and the like";
      errors.add(
          new ConfigError(
              "Cannot expand sweep %s: expected a point that can be had, got %s"
                  .formatted(spec.name(), got),
              base.get().origins().get("")));
    }
    return Optional.of(new Sweep(spec, baseFile, base.get(), points, leftOut));
  }

  /** A collapsed point is a result like any other, unless the sweep says otherwise. */
  private static Assignment collapsedToTheEnd() {
    Origin origin = new Origin.CommandLine("train.stop_on_collapse=false");
    return new Assignment("train.stop_on_collapse", origin, new Raw.Scalar("false", false, origin));
  }

  private Optional<LoadedConfig> load(List<Assignment> assignments) {
    try {
      return Optional.of(loader.loadWith(baseFile, assignments));
    } catch (ConfigException e) {
      errors.addAll(e.errors());
      return Optional.empty();
    }
  }

  private RelativeValues relative() {
    return new RelativeValues(baseValues);
  }

  /** Overrides that all points share must be there on every base. */
  private List<Assignment> resolved(List<Assignment> overrides) {
    List<Assignment> resolved = new ArrayList<>();
    for (Assignment override : overrides) {
      try {
        resolved.add(relative().resolved(override));
      } catch (RelativeValues.UnattainableException e) {
        errors.add(new ConfigError(e.getMessage(), override.value().origin()));
      }
    }
    return resolved;
  }

  /** What the axes vary must be one thing each, and able to change a result. */
  private void requireAxes(RunConfig base) {
    Set<String> execution = new LinkedHashSet<>(baseValues.keySet());
    execution.removeAll(ConfigValues.results(base).keySet());
    Map<String, Axis> owners = new HashMap<>();
    for (Axis axis : spec.allAxes()) {
      if (execution.contains(axis.name()) && !axis.labelled()) {
        errors.add(
            new ConfigError(
                "Cannot vary " + axis.name() + ": it cannot change a result", axis.origin()));
      }
      for (Axis.Value value : axis.values()) {
        for (Assignment assignment : value.assignments()) {
          Axis other = owners.putIfAbsent(assignment.key(), axis);
          if (other != null && !other.equals(axis)) {
            errors.add(
                new ConfigError(
                    "Cannot set %s by axis %s: axis %s sets it"
                        .formatted(assignment.key(), axis.name(), other.name()),
                    axis.origin()));
            return;
          }
        }
      }
    }
    for (Assignment override : spec.overrides()) {
      Axis owner = owners.get(override.key());
      if (owner != null) {
        errors.add(
            new ConfigError(
                "Cannot override %s: axis %s sets it".formatted(override.key(), owner.name()),
                override.keyOrigin()));
      }
    }
    spec.exclude().forEach(condition -> requireNames(condition));
    spec.adjustments().forEach(adjustment -> requireNames(adjustment.when()));
    spec.baseline().ifPresent(this::requireNames);
    spec.paper().figures().forEach(figure -> requireNames(figure.when()));
  }

  private void requireNames(Condition condition) {
    List<String> axes = spec.allAxes().stream().map(Axis::name).toList();
    condition
        .origins()
        .forEach(
            (name, origin) -> {
              if (!axes.contains(name) && !baseValues.containsKey(name)) {
                errors.add(
                    ConfigError.value("a condition", "an axis or a known key", name, origin));
              }
            });
  }

  /** All of them; seeds change last, so that one whole table is there as early as can be. */
  private List<Combination> combinations() {
    List<List<Axis>> groups = new ArrayList<>(spec.axes());
    groups.sort((a, b) -> Boolean.compare(seeds(b), seeds(a)));
    List<Combination> combinations = List.of(new Combination(Map.of(), List.of()));
    for (List<Axis> group : groups) {
      int size = group.stream().mapToInt(axis -> axis.values().size()).min().orElse(0);
      if ((long) combinations.size() * size > MOST_POINTS) {
        errors.add(
            ConfigError.value(
                "axes",
                "at most " + MOST_POINTS + " points",
                (long) combinations.size() * size + " or more",
                group.get(0).origin()));
        return List.of();
      }
      if (size == 0) { // told already; the other axes may have mistakes too
        continue;
      }
      List<Combination> longer = new ArrayList<>();
      for (Combination combination : combinations) {
        for (int i = 0; i < size; i++) {
          longer.add(with(combination, group, i));
        }
      }
      combinations = longer;
    }
    return combinations;
  }

  private static boolean seeds(List<Axis> group) {
    return group.stream().anyMatch(axis -> axis.name().equals(Axis.SEED));
  }

  private static Combination with(Combination combination, List<Axis> group, int index) {
    Map<String, String> labels = new LinkedHashMap<>(combination.labels());
    List<Axis.Value> values = new ArrayList<>(combination.values());
    for (Axis axis : group) {
      labels.put(axis.name(), axis.values().get(index).label());
      values.add(axis.values().get(index));
    }
    return new Combination(labels, values);
  }

  private List<Point> points(
      List<Combination> combinations, List<Assignment> shared, Map<String, Object> baseResults) {
    Map<String, Point> points = new LinkedHashMap<>();
    for (Combination combination : combinations) {
      Optional<LoadedConfig> config = config(combination, shared);
      if (config.isPresent()) {
        SortedMap<String, Object> overrides =
            difference(baseResults, ConfigValues.results(config.get().config()));
        String id = Fingerprint.of(overrides).substring(0, ID_DIGITS);
        Map<String, String> labels = combination.place();
        points.merge(
            id,
            new Point(id, List.of(labels), overrides, config.get()),
            (first, second) -> both(first, second.labels()));
      }
    }
    return List.copyOf(points.values());
  }

  private static Point both(Point point, List<Map<String, String>> labels) {
    List<Map<String, String>> all = new ArrayList<>(point.labels());
    labels.stream().filter(place -> !all.contains(place)).forEach(all::add);
    return new Point(point.id(), all, point.overrides(), point.config());
  }

  private Optional<LoadedConfig> config(Combination combination, List<Assignment> shared) {
    List<Assignment> assignments = new ArrayList<>(shared);
    try {
      for (Axis.Value value : combination.values()) {
        if (unattainable.containsKey(value)) {
          throw new RelativeValues.UnattainableException(unattainable.get(value));
        }
        assignments.addAll(value.assignments());
      }
      Function<String, Set<String>> texts = texts(combination, assignments);
      if (spec.exclude().stream().anyMatch(condition -> condition.holds(texts))) {
        return Optional.empty();
      }
      for (SweepSpec.Adjustment adjustment : spec.adjustments()) {
        if (adjustment.when().holds(texts)) {
          for (Assignment assignment : adjustment.set()) {
            assignments.add(relative().resolved(assignment));
          }
        }
      }
      return Optional.of(loader.loadWith(baseFile, assignments));
    } catch (RelativeValues.UnattainableException e) {
      leftOut.add(new Point.LeftOut(combination.place(), e.getMessage()));
    } catch (ConfigException e) {
      List<ConfigError> wrong = e.errors().stream().filter(error -> !error.rule()).toList();
      pointErrors.addAll(wrong);
      if (wrong.isEmpty()) {
        String reason =
            e.errors().stream().map(ConfigError::toString).collect(Collectors.joining("; "));
        leftOut.add(new Point.LeftOut(combination.place(), reason));
      }
    }
    return Optional.empty();
  }

  /** What a combination has under the name of an axis or of a key, in every form. */
  private Function<String, Set<String>> texts(
      Combination combination, Collection<Assignment> assignments) {
    Map<String, Set<String>> texts = new HashMap<>();
    baseValues.forEach((key, value) -> texts.put(key, Set.of(String.valueOf(value))));
    assignments.forEach(
        assignment -> texts.put(assignment.key(), Set.of(assignment.value().text())));
    List<String> names = List.copyOf(combination.labels().keySet());
    for (int i = 0; i < names.size(); i++) {
      Axis.Value value = combination.values().get(i);
      Set<String> all = new LinkedHashSet<>(texts.getOrDefault(names.get(i), Set.of()));
      all.add(value.label());
      all.add(value.written());
      texts.put(names.get(i), all);
    }
    return name -> texts.getOrDefault(name, Set.of());
  }

  /** Values in terms of the base become the numbers that they are. */
  private List<List<Axis>> resolvedAxes() {
    return spec.axes().stream().map(group -> group.stream().map(this::resolved).toList()).toList();
  }

  private Axis resolved(Axis axis) {
    List<Axis.Value> values = new ArrayList<>();
    for (Axis.Value value : axis.values()) {
      try {
        List<Assignment> assignments = new ArrayList<>();
        for (Assignment assignment : value.assignments()) {
          assignments.add(relative().resolved(assignment));
        }
        String label =
            axis.labelled() ? value.label() : Axis.canonical(assignments.get(0).value().text());
        values.add(new Axis.Value(label, value.written(), assignments));
      } catch (RelativeValues.UnattainableException e) {
        values.add(value);
        unattainable.put(value, e.getMessage());
      }
    }
    return new Axis(axis.name(), axis.origin(), axis.labelled(), values);
  }

  /** Entries of the second that the first does not have, or has otherwise. */
  private static SortedMap<String, Object> difference(
      Map<String, Object> from, Map<String, Object> to) {
    SortedMap<String, Object> difference = new TreeMap<>();
    to.forEach(
        (key, value) -> {
          if (!Objects.equals(value, from.get(key))) {
            difference.put(key, value);
          }
        });
    return difference;
  }
}
