package simsiam.pipelines.sweep.grid;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import simsiam.pipelines.config.load.Assignment;

/**
 * What a sweep asks, as it is written: see the package's description for the form of its file.
 *
 * @param base the configuration that all points start from; empty: to be named by the user
 * @param overrides of the base, for all points
 * @param axes groups of axes: within a group they go together, between groups every combination is
 *     a point
 * @param exclude points that are left away
 * @param adjustments further values for some points
 * @param baseline what the others are compared with; empty: nothing
 * @param measures columns of the table, by their names in {@code summary.json}
 * @param leastSteps optimiser steps an epoch below which a point is left out
 */
public record SweepSpec(
    String name,
    String question,
    Optional<Path> base,
    List<Assignment> overrides,
    List<List<Axis>> axes,
    List<Condition> exclude,
    List<Adjustment> adjustments,
    Optional<Condition> baseline,
    List<String> measures,
    Paper paper,
    int leastSteps) {
  /** The columns of a sweep that names none. */
  static final List<String> MEASURES =
      List.of(
          "probe_top1", "linear_top1", "knn_top1", "final_loss", "final_output_std", "collapsed");

  public SweepSpec {
    overrides = List.copyOf(overrides);
    axes = axes.stream().map(List::copyOf).toList();
    exclude = List.copyOf(exclude);
    adjustments = List.copyOf(adjustments);
    measures = List.copyOf(measures);
  }

  /** Values for the points for which a condition holds. */
  public record Adjustment(Condition when, List<Assignment> set) {
    public Adjustment {
      set = List.copyOf(set);
    }
  }

  /**
   * Published figures.
   *
   * @param setting what they were measured on
   */
  public record Paper(String setting, List<Figure> figures) {
    public Paper {
      figures = List.copyOf(figures);
    }

    /**
     * What was published for some points.
     *
     * @param values by the names of measures
     * @param note in place of a figure, or beside it; empty: none
     */
    public record Figure(Condition when, Map<String, BigDecimal> values, String note) {}
  }

  /** A sweep of nothing, to which the command line gives its axes. */
  static SweepSpec empty(String name) {
    return new SweepSpec(
        name,
        "",
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        MEASURES,
        new Paper("", List.of()),
        0);
  }

  /** A copy with other overrides and axes. */
  SweepSpec with(List<Assignment> newOverrides, List<List<Axis>> newAxes) {
    return new SweepSpec(
        name,
        question,
        base,
        newOverrides,
        newAxes,
        exclude,
        adjustments,
        baseline,
        measures,
        paper,
        leastSteps);
  }

  /** The axes, those that go together one after the other. */
  public List<Axis> allAxes() {
    return axes.stream().flatMap(List::stream).toList();
  }

  /**
   * The ways in which a value of an axis may be written.
   *
   * @param label as a point has it; null: it has none
   */
  public Set<String> texts(String name, String label) {
    Set<String> texts = new LinkedHashSet<>();
    if (label != null) {
      texts.add(label);
      for (Axis axis : allAxes()) {
        for (Axis.Value value : axis.name().equals(name) ? axis.values() : List.<Axis.Value>of()) {
          if (value.label().equals(label)) {
            texts.add(value.written());
          }
        }
      }
    }
    return texts;
  }
}
