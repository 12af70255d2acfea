package simsiam.pipelines.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;

/**
 * The curves that runs are compared by, side by side: a panel a curve, a line a run or a line and a
 * band for a group of runs (as paper Fig. 2: loss, output deviation, kNN accuracy).
 */
public final class ComparisonPlot {
  private static final int PANEL = 500;
  private static final int LEAST_WIDTH = 800;
  private static final int HEIGHT = 420;
  private static final int LEGEND_LINE = 24;
  private static final int LONGEST_NAME = 120;

  private final List<Entry> entries;

  /**
   * One line of each panel.
   *
   * @param runs the merged curves of each run: one, or several that differ in their seed alone
   */
  public record Entry(String name, List<List<Curve>> runs) {
    /** The curves of one name, of the runs that have it. */
    List<Curve> curves(String curve) {
      return runs.stream()
          .flatMap(run -> run.stream().filter(c -> c.name().equals(curve) && c.headline()))
          .toList();
    }
  }

  private ComparisonPlot(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * The pictures: one for each thing that curves are drawn over, such as epochs; none if no run has
   * a curve to be compared by.
   */
  public static List<Picture> draw(String title, List<Entry> entries) {
    ComparisonPlot comparison = new ComparisonPlot(entries);
    List<Picture> pictures = new ArrayList<>();
    for (Map.Entry<String, Set<String>> figure : comparison.names().entrySet()) {
      String name = pictures.isEmpty() ? "comparison" : "comparison-" + (pictures.size() + 1);
      pictures.add(comparison.picture(name, title, figure.getValue()));
    }
    return pictures;
  }

  private Picture picture(String file, String title, Set<String> names) {
    List<LinePlot> panels = names.stream().map(this::panel).toList();
    int panel = Math.max(PANEL, LEAST_WIDTH / panels.size());
    int height = HEIGHT + LEGEND_LINE * (entries.size() + 1) + 16;
    return Picture.draw(
        file,
        title,
        panel * panels.size(),
        height,
        graphics -> {
          paint(graphics, panels, panel);
          legend(graphics, names);
        });
  }

  /** The names of the curves, by what they are drawn over. */
  private Map<String, Set<String>> names() {
    Map<String, Set<String>> names = new LinkedHashMap<>();
    Map<String, String> over = new HashMap<>();
    for (Entry entry : entries) {
      for (List<Curve> run : entry.runs()) {
        for (Curve curve : run) {
          if (curve.headline()) {
            String x = over.computeIfAbsent(curve.name(), name -> curve.xLabel());
            names.computeIfAbsent(x, label -> new LinkedHashSet<>()).add(curve.name());
          }
        }
      }
    }
    return names;
  }

  private LinePlot panel(String name) {
    List<Curve> all = entries.stream().flatMap(entry -> entry.curves(name).stream()).toList();
    List<String> labels = all.stream().map(Curve::yLabel).distinct().toList();
    Curve first = all.get(0);
    LinePlot plot =
        new LinePlot(first.title(), first.xLabel(), labels.size() == 1 ? labels.get(0) : name);
    double right =
        all.stream()
            .flatMap(curve -> curve.lines().stream())
            .filter(line -> line.role() == Role.MAIN)
            .mapToDouble(line -> line.x().get(line.x().size() - 1))
            .max()
            .orElse(1);
    levels(plot, name, right);
    for (int i = 0; i < entries.size(); i++) {
      lines(plot, Palette.line(i), entries.get(i).curves(name));
    }
    CurvePlot.scale(plot, all);
    return plot.withoutLegend();
  }

  /** A level that all share is drawn once, in grey; else each run's in its own colour. */
  private void levels(LinePlot plot, String name, double right) {
    List<Set<Double>> each = new ArrayList<>();
    Set<Double> all = new LinkedHashSet<>();
    for (Entry entry : entries) {
      Set<Double> ys = new LinkedHashSet<>();
      entry.curves(name).forEach(curve -> curve.levels().forEach(level -> ys.add(level.y())));
      each.add(ys);
      all.addAll(ys);
    }
    for (int i = 0; i < entries.size(); i++) {
      for (Curve curve : entries.get(i).curves(name)) {
        for (Curve.Level level : curve.levels()) {
          boolean shared = each.stream().allMatch(ys -> ys.isEmpty() || ys.contains(level.y()));
          if (all.remove(level.y())) {
            Color color = shared ? Palette.GREY : Palette.line(i);
            plot.level(
                level.label(), color, CurvePlot.levelStroke(level.role()), 0, right, level.y());
          }
        }
      }
    }
  }

  /** The line of one run; of several the mean, and a band from the least to the greatest. */
  private static void lines(LinePlot plot, Color color, List<Curve> curves) {
    List<Curve.Line> lines =
        curves.stream()
            .flatMap(curve -> curve.lines().stream())
            .filter(line -> line.role() == Role.MAIN)
            .toList();
    if (lines.isEmpty()) {
      return;
    }
    // Runs of a group that end early or have other epochs are cut to those that all have.
    List<Double> x = new ArrayList<>(lines.get(0).x());
    lines.forEach(line -> x.retainAll(line.x()));
    if (x.isEmpty()) {
      return;
    }
    double[] low = new double[x.size()];
    double[] mean = new double[x.size()];
    double[] high = new double[x.size()];
    for (int i = 0; i < mean.length; i++) {
      double at = x.get(i);
      double[] y =
          lines.stream().mapToDouble(line -> line.y().get(line.x().indexOf(at))).sorted().toArray();
      low[i] = y[0];
      high[i] = y[y.length - 1];
      mean[i] = Arrays.stream(y).average().orElseThrow();
    }
    if (lines.size() > 1) {
      plot.band(color, CurvePlot.array(x), low, high);
    }
    plot.curve("run", color, Palette.SOLID, CurvePlot.array(x), mean);
  }

  private static void paint(Graphics2D graphics, List<LinePlot> panels, int width) {
    for (int i = 0; i < panels.size(); i++) {
      Graphics2D panel = (Graphics2D) graphics.create(i * width, 0, width, HEIGHT);
      try {
        panels.get(i).paint(panel, width, HEIGHT);
      } finally {
        panel.dispose();
      }
    }
  }

  private void legend(Graphics2D graphics, Set<String> names) {
    graphics.setFont(Palette.plain(13));
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i < entries.size(); i++) {
      int y = HEIGHT + LEGEND_LINE * i + LEGEND_LINE / 2;
      graphics.setColor(Palette.line(i));
      graphics.setStroke(new BasicStroke(3f));
      graphics.drawLine(70, y, 104, y);
      graphics.setColor(Palette.INK);
      String name = Labels.shorten(entries.get(i).name(), LONGEST_NAME);
      graphics.drawString(name, 114, y + metrics.getAscent() / 2 - 1);
    }
    List<String> notes = new ArrayList<>();
    boolean levels =
        entries.stream()
            .flatMap(entry -> names.stream().flatMap(name -> entry.curves(name).stream()))
            .anyMatch(curve -> !curve.levels().isEmpty());
    if (levels) {
      notes.add("dashed: healthy deviation, random encoder; dotted: collapsed below");
    }
    if (entries.stream().anyMatch(entry -> entry.runs().size() > 1)) {
      notes.add("bands: over seeds");
    }
    graphics.setColor(Palette.MUTED);
    graphics.drawString(
        String.join("; ", notes),
        114,
        HEIGHT + LEGEND_LINE * entries.size() + LEGEND_LINE / 2 + metrics.getAscent() / 2 - 1);
  }
}
