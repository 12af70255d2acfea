package simsiam.pipelines.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import simsiam.pipelines.sweep.grid.SweepSpec;

/** The table of a sweep for people: a line for each group, with mean ± std over its points. */
public final class SweepTable {
  private SweepTable() {}

  /** The head and, for each group, its place, how many of its points are there, and measures. */
  public static List<List<String>> of(SweepResults results) {
    SweepSpec spec = results.plan().sweep().spec();
    List<String> axes = List.copyOf(results.groups().get(0).labels().keySet());
    List<List<String>> table = new ArrayList<>();
    List<String> head = new ArrayList<>(axes);
    head.add("n");
    head.addAll(spec.measures());
    boolean paper = results.groups().stream().anyMatch(group -> group.paper().isPresent());
    if (paper) {
      head.add("paper");
    }
    table.add(head);
    for (SweepResults.Group group : results.groups()) {
      List<String> row = new ArrayList<>();
      axes.forEach(axis -> row.add(group.labels().get(axis)));
      int n = group.rows().size();
      row.add(
          (n == group.points() ? "" + n : n + " of " + group.points())
              + (results.baseline(group) ? " *" : ""));
      spec.measures().forEach(name -> row.add(cell(group, name, largest(results, name))));
      if (paper) {
        row.add(group.paper().map(SweepTable::figure).orElse(""));
      }
      table.add(row);
    }
    return table;
  }

  private static double largest(SweepResults results, String name) {
    return results.groups().stream()
        .filter(group -> group.measures().containsKey(name))
        .mapToDouble(group -> Math.abs(group.measures().get(name).mean()))
        .max()
        .orElse(0);
  }

  /**
   * A measure of a group.
   *
   * @param largest of the column, which tells how many decimals say something
   */
  private static String cell(SweepResults.Group group, String name, double largest) {
    SweepResults.Statistic statistic = group.measures().get(name);
    if (statistic == null) {
      return "";
    }
    if (name.equals("collapsed")) {
      return group.collapsed() + " of " + statistic.n();
    }
    String mean = number(statistic.mean(), largest);
    return statistic.std().isPresent()
        ? mean + " ± " + number(statistic.std().getAsDouble(), largest)
        : mean;
  }

  private static String figure(SweepSpec.Paper.Figure figure) {
    String values =
        figure.values().entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return values.isEmpty() || figure.note().isEmpty()
        ? values + figure.note()
        : values + " (" + figure.note() + ")";
  }

  /** A figure by itself. */
  public static String number(double value) {
    return number(value, value);
  }

  /** Two decimals where the largest is 10 or more, else four. */
  private static String number(double value, double largest) {
    return String.format(Locale.ROOT, Math.abs(largest) >= 10 ? "%.2f" : "%.4f", value);
  }
}
