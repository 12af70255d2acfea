package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.StatUtils;
import simsiam.pipelines.report.SweepStudy.Difference;
import simsiam.pipelines.report.SweepStudy.Group;
import simsiam.pipelines.report.SweepStudy.Point;
import simsiam.pipelines.report.SweepStudy.State;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.Unit;

/** The tables of a sweep. */
final class SweepTables {
  private final SweepStudy study;

  SweepTables(SweepStudy study) {
    this.study = study;
  }

  /** For people: each group of an axis with what was measured and what was published. */
  Table results(String axis) {
    List<String> axes = leading(axis);
    boolean failed = study.count(State.FAILED) > 0;
    boolean missing = study.count(State.MISSING) > 0;
    List<String> published = published();
    boolean notes = study.groups().stream().anyMatch(group -> !group.note().isEmpty());
    List<String> header = new ArrayList<>(axes);
    header.addAll(List.of("n", "collapsed"));
    header.addAll(failed ? List.of("failed") : List.of());
    header.addAll(missing ? List.of("missing") : List.of());
    study.measures().forEach(key -> header.add(label(key)));
    published.forEach(key -> header.add("paper: " + label(key)));
    header.addAll(notes ? List.of("paper: note") : List.of());
    List<List<String>> rows = new ArrayList<>();
    for (Group group : ordered(axis)) {
      List<String> row = places(axes, group);
      row.add("" + group.done().size());
      row.add(group.collapsed() + " of " + group.done().size());
      row.addAll(failed ? List.of("" + group.count(State.FAILED)) : List.of());
      row.addAll(missing ? List.of("" + group.count(State.MISSING)) : List.of());
      study.measures().forEach(key -> row.add(meanAndStd(group.values(key), key)));
      published.forEach(key -> row.add(group.paper().getOrDefault(key, "")));
      row.addAll(notes ? List.of(group.note()) : List.of());
      rows.add(row);
    }
    return new Table(header, rows);
  }

  /** For people: how far each group of an axis is from what it is compared with. */
  Table differences(String axis) {
    List<String> axes = leading(axis);
    List<String> header = new ArrayList<>(axes);
    study.measures().forEach(key -> header.add("Δ " + label(key)));
    List<List<String>> rows = new ArrayList<>();
    for (Group group : ordered(axis)) {
      Optional<Group> reference = study.reference(axis, group);
      if (reference.isPresent()) {
        List<String> cells = new ArrayList<>();
        for (String key : study.measures()) {
          cells.add(
              Difference.of(group.values(key), reference.get().values(key))
                  .map(difference -> text(difference, key))
                  .orElse(""));
        }
        if (!cells.stream().allMatch(String::isEmpty)) { // as where nothing is there yet
          List<String> row = places(axes, group);
          row.addAll(cells);
          rows.add(row);
        }
      }
    }
    return new Table(header, rows);
  }

  /** What the groups of an axis are compared with, in words; empty: nothing. */
  String reference(String axis) {
    return study.groups().stream()
        .flatMap(group -> study.reference(axis, group).stream())
        .findFirst()
        .map(group -> axis + " = " + group.labels().get(axis))
        .orElse("");
  }

  /** The least differences that the seeds of an axis can tell from chance, in words. */
  String resolution(String axis) {
    List<String> parts = new ArrayList<>();
    for (String key : study.measures()) {
      double[] widths =
          study.groups().stream()
              .flatMap(
                  group ->
                      study
                          .reference(axis, group)
                          .flatMap(other -> Difference.of(group.values(key), other.values(key)))
                          .stream())
              .flatMapToDouble(difference -> difference.halfWidth().stream())
              .toArray();
      if (widths.length > 0) {
        String least = number(StatUtils.min(widths), key);
        String most = number(StatUtils.max(widths), key);
        parts.add(label(key) + " " + (least.equals(most) ? least : least + " to " + most));
      }
    }
    return parts.isEmpty()
        ? "One seed each: how much chance does is not known, so no difference is sure."
        : "The seeds can tell from chance, at 95 %, differences beyond: "
            + String.join("; ", parts)
            + ".";
  }

  /** For machines: a row a group, with every figure in full. */
  Table raw() {
    List<String> axes = List.copyOf(study.axes().keySet());
    List<String> keys = keys();
    List<String> header = new ArrayList<>(axes);
    header.addAll(List.of("points", "n", "collapsed", "failed", "missing", "baseline"));
    for (String key : keys) {
      Stream.of("_mean", "_std", "_n", "_paper").forEach(suffix -> header.add(key + suffix));
    }
    header.add("paper_note");
    List<List<String>> rows = new ArrayList<>();
    for (Group group : study.groups()) {
      List<String> row = places(axes, group);
      row.add("" + group.points().size());
      row.add("" + group.done().size());
      row.add("" + group.collapsed());
      row.add("" + group.count(State.FAILED));
      row.add("" + group.count(State.MISSING));
      row.add("" + group.baseline());
      for (String key : keys) {
        double[] values = group.values(key);
        row.add(values.length == 0 ? "" : "" + StatUtils.mean(values));
        row.add(std(values).stream().mapToObj(Double::toString).findFirst().orElse(""));
        row.add("" + values.length);
        row.add(group.paper().getOrDefault(key, ""));
      }
      row.add(group.note());
      rows.add(row);
    }
    return new Table(header, rows);
  }

  /** For machines: a row a point. */
  Table points() {
    List<String> keys = keys();
    List<String> header = new ArrayList<>(List.of("id", "point", "state"));
    header.addAll(keys);
    header.add("note");
    List<List<String>> rows = new ArrayList<>();
    for (Point point : study.points()) {
      List<String> row = new ArrayList<>(List.of(point.id(), point.text(), state(point)));
      for (String key : keys) {
        row.add(point.report().measure(key).map(m -> String.valueOf(m.value())).orElse(""));
      }
      row.add(point.note());
      rows.add(row);
    }
    return new Table(header, rows);
  }

  /** For people: the points that are not there. */
  Table unfinished() {
    List<List<String>> rows =
        study.points().stream()
            .filter(point -> !point.done())
            .map(point -> List.of(point.text(), state(point), point.note()))
            .toList();
    return new Table(List.of("point", "state", "cause"), rows);
  }

  Table leftOut() {
    List<List<String>> rows = new ArrayList<>();
    study.leftOut().forEach((place, reason) -> rows.add(List.of(place, reason)));
    return new Table(List.of("place", "reason"), rows);
  }

  private static String state(Point point) {
    return point.done() && point.collapsed()
        ? "collapsed"
        : point.state().name().toLowerCase(Locale.ROOT);
  }

  /** Every measure that a run has, those of the sweep first. */
  private List<String> keys() {
    List<String> keys = new ArrayList<>(study.measures());
    study.points().stream()
        .flatMap(point -> point.report().measures().stream())
        .map(Measure::key)
        .distinct()
        .filter(key -> !keys.contains(key))
        .forEach(keys::add);
    return keys;
  }

  private List<String> published() {
    TreeSet<String> keys = new TreeSet<>();
    study.groups().forEach(group -> keys.addAll(group.paper().keySet()));
    List<String> inOrder = new ArrayList<>(study.measures());
    inOrder.retainAll(keys);
    keys.stream().filter(key -> !inOrder.contains(key)).forEach(inOrder::add);
    return inOrder;
  }

  /** The groups of an axis, those together that are otherwise alike. */
  private List<Group> ordered(String axis) {
    return study.along(axis).stream().flatMap(List::stream).toList();
  }

  /** The axis, after the others that vary. */
  private List<String> leading(String axis) {
    List<String> axes = new ArrayList<>(study.varied());
    axes.remove(axis);
    axes.add(axis);
    return axes;
  }

  private static List<String> places(List<String> axes, Group group) {
    return axes.stream()
        .map(axis -> group.labels().getOrDefault(axis, ""))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private String label(String key) {
    Optional<Measure> example = study.example(key);
    return example.map(Measure::label).orElse(key)
        + (example.filter(m -> m.unit() == Unit.PERCENT).isPresent() ? " (%)" : "");
  }

  private String meanAndStd(double[] values, String key) {
    if (values.length == 0) {
      return "";
    }
    String mean = number(StatUtils.mean(values), key);
    OptionalDouble std = std(values);
    return std.isPresent() ? mean + " ± " + number(std.getAsDouble(), key) : mean;
  }

  /** Sample standard deviation; empty for less than two. */
  private static OptionalDouble std(double[] values) {
    return values.length < 2
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.sqrt(StatUtils.variance(values)));
  }

  /** In parentheses where chance alone may have done it. */
  private String text(Difference difference, String key) {
    String sign = difference.mean() >= 0 ? "+" : "";
    String mean = sign + number(difference.mean(), key);
    if (difference.halfWidth().isEmpty()) {
      return "(" + mean + ")";
    }
    String both = mean + " ± " + number(difference.halfWidth().getAsDouble(), key);
    return difference.resolved() ? both : "(" + both + ")";
  }

  /** Two decimals of a percentage, four of other numbers. */
  private String number(double value, String key) {
    Unit unit = study.example(key).map(Measure::unit).orElse(Unit.NUMBER);
    return switch (unit) {
      case PERCENT, POINTS, IMAGES_PER_SECOND -> String.format(Locale.ROOT, "%.2f", value);
      case COUNT -> String.format(Locale.ROOT, "%.1f", value);
      case NUMBER, YES_NO -> String.format(Locale.ROOT, "%.4f", value);
    };
  }
}
