package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import simsiam.pipelines.report.plot.Labels;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.RunReport;

/**
 * What a sweep has found so far.
 *
 * @param axes what was varied, without the seed, each with its values in order
 * @param measures by key, those that the sweep is about, in order
 * @param setting what the published figures were measured on; empty: there are none
 * @param groups places on the axes, in the order of the sweep
 * @param leftOut places that the base cannot have, and why
 */
public record SweepStudy(
    String name,
    String question,
    Map<String, List<String>> axes,
    List<String> measures,
    String setting,
    List<Point> points,
    List<Group> groups,
    Map<String, String> leftOut) {

  /** What became of a point. */
  public enum State {
    /** All its outputs are there, whether or not training collapsed. */
    DONE,
    /** Its last attempt failed. */
    FAILED,
    /** It is still to be made, wholly or in part. */
    MISSING
  }

  /**
   * One run.
   *
   * @param text in words: {@code predictor=none seed=1}
   * @param note why it failed, or empty
   * @param report what is there of it
   */
  public record Point(String id, String text, State state, String note, RunReport report) {
    boolean done() {
      return state == State.DONE;
    }

    boolean collapsed() {
      return report.measure(COLLAPSED).filter(Measure::warns).isPresent();
    }

    OptionalDouble value(String key) {
      return report.measure(key).map(SweepStudy::number).orElse(OptionalDouble.empty());
    }
  }

  /**
   * Points that differ in their seed alone.
   *
   * @param labels its place on each axis
   * @param baseline whether the others are compared with it
   * @param paper published figures, by the key of the measure
   * @param note beside or in place of them; may be empty
   */
  public record Group(
      Map<String, String> labels,
      boolean baseline,
      List<Point> points,
      Map<String, String> paper,
      String note) {
    public Group {
      points = List.copyOf(points);
    }

    List<Point> done() {
      return points.stream().filter(Point::done).toList();
    }

    long count(State state) {
      return points.stream().filter(point -> point.state() == state).count();
    }

    long collapsed() {
      return done().stream().filter(Point::collapsed).count();
    }

    /** A measure of the points that are done and have it. */
    double[] values(String key) {
      return done().stream()
          .map(p -> p.value(key))
          .flatMapToDouble(OptionalDouble::stream)
          .toArray();
    }

    /** In words, as short as a legend needs, without the axes that do not vary. */
    String text(Map<String, List<String>> axes) {
      List<String> words = new ArrayList<>();
      List<String> varied =
          labels.keySet().stream().filter(a -> axes.getOrDefault(a, List.of()).size() > 1).toList();
      int most = varied.size() < 2 ? LONGEST : LONGEST / 2;
      for (String axis : varied) {
        words.add(axis + " = " + Labels.shorten(labels.get(axis), most));
      }
      return words.isEmpty() ? "base" : String.join(", ", words);
    }
  }

  /**
   * How far two means are apart.
   *
   * @param halfWidth of the two-sided 95 % interval about it, by Student's t on the pooled variance
   *     of both; empty if no group has two values
   */
  record Difference(double mean, OptionalDouble halfWidth) {
    private static final double TWO_SIDED_95 = 0.975;

    static Optional<Difference> of(double[] values, double[] reference) {
      if (values.length == 0 || reference.length == 0) {
        return Optional.empty();
      }
      double mean = StatUtils.mean(values) - StatUtils.mean(reference);
      int freedom = values.length + reference.length - 2;
      if (freedom == 0) {
        return Optional.of(new Difference(mean, OptionalDouble.empty()));
      }
      double pooled =
          (StatUtils.variance(values) * (values.length - 1)
                  + StatUtils.variance(reference) * (reference.length - 1))
              / freedom;
      double error = Math.sqrt(pooled * (1.0 / values.length + 1.0 / reference.length));
      double t = new TDistribution(null, freedom).inverseCumulativeProbability(TWO_SIDED_95);
      return Optional.of(new Difference(mean, OptionalDouble.of(t * error)));
    }

    /** Whether chance alone is an unlikely reason for it. */
    boolean resolved() {
      return halfWidth.isPresent() && Math.abs(mean) > halfWidth.getAsDouble();
    }
  }

  private static final int LONGEST = 48;
  private static final String COLLAPSED = "collapsed";

  public SweepStudy {
    measures = measures.stream().filter(key -> !key.equals(COLLAPSED)).toList();
    points = List.copyOf(points);
    groups = List.copyOf(groups);
  }

  private static OptionalDouble number(Measure measure) {
    return measure.value() instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.of(Boolean.TRUE.equals(measure.value()) ? 1 : 0);
  }

  long count(State state) {
    return points.stream().filter(point -> point.state() == state).count();
  }

  /** The measure of that key, of any run that has it. */
  Optional<Measure> example(String key) {
    return points.stream().flatMap(point -> point.report().measure(key).stream()).findFirst();
  }

  /** The axes that have more than one value. */
  List<String> varied() {
    return axes.keySet().stream().filter(axis -> axes.get(axis).size() > 1).toList();
  }

  /** The groups, those together that differ on this axis alone. */
  List<List<Group>> along(String axis) {
    Map<Map<String, String>, List<Group>> byRest = new LinkedHashMap<>();
    for (Group group : groups) {
      Map<String, String> rest = new LinkedHashMap<>(group.labels());
      rest.remove(axis);
      byRest.computeIfAbsent(rest, key -> new ArrayList<>()).add(group);
    }
    return List.copyOf(byRest.values());
  }

  /**
   * What a group is compared with on an axis: the group at the baseline's value of it that is
   * otherwise alike; where axes go together and no two groups differ in one alone, the baseline.
   */
  Optional<Group> reference(String axis, Group group) {
    Optional<Group> baseline = groups.stream().filter(Group::baseline).findFirst();
    List<List<Group>> lines = along(axis);
    if (lines.stream().allMatch(line -> line.size() == 1)) {
      return baseline.filter(other -> !other.equals(group));
    }
    String at =
        baseline.map(other -> other.labels().get(axis)).orElseGet(() -> axes.get(axis).get(0));
    return lines.stream()
        .filter(line -> line.contains(group))
        .flatMap(List::stream)
        .filter(other -> at.equals(other.labels().get(axis)) && !other.equals(group))
        .findFirst();
  }
}
