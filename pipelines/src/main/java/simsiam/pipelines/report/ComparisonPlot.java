package simsiam.pipelines.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import simsiam.model.train.EpochRecord;

/** Loss, output deviation and kNN accuracy of several runs side by side (as paper Fig. 2). */
final class ComparisonPlot {
  private static final int PANEL = 500;
  private static final int HEIGHT = 420;
  private static final int LEGEND_LINE = 24;
  private static final int LONGEST_NAME = 60;

  private final List<ReportInput> runs;
  private final double lastEpoch;

  private ComparisonPlot(List<ReportInput> runs) {
    this.runs = runs;
    this.lastEpoch = runs.stream().mapToInt(r -> r.training().last().epoch()).max().orElseThrow();
  }

  static Picture draw(List<ReportInput> runs) {
    ComparisonPlot comparison = new ComparisonPlot(runs);
    List<LinePlot> panels = new ArrayList<>(List.of(comparison.loss(), comparison.outputStd()));
    if (runs.stream().anyMatch(run -> !measured(run).isEmpty())) {
      panels.add(comparison.knn());
    }
    int width = PANEL * panels.size();
    int height = HEIGHT + LEGEND_LINE * runs.size() + 16;
    return Picture.draw(
        "comparison",
        "Comparison of " + runs.size() + " runs",
        width,
        height,
        graphics -> {
          Panels.paint(graphics, width, HEIGHT, panels);
          comparison.legend(graphics);
        });
  }

  private LinePlot loss() {
    List<String> names = runs.stream().map(run -> run.training().lossName()).distinct().toList();
    LinePlot plot = new LinePlot("Training loss", names.size() == 1 ? names.get(0) : "loss");
    for (int i = 0; i < runs.size(); i++) {
      curve(plot, i, runs.get(i).training().history(), EpochRecord::loss);
    }
    return plot.withoutLegend();
  }

  private LinePlot outputStd() {
    LinePlot plot = new LinePlot("Output standard deviation", "std of z/|z| over 1/√d");
    plot.level("healthy", Palette.GREY, Palette.DASHED, 0, lastEpoch, 1);
    plot.level("collapsed below", Palette.GREY, Palette.DOTTED, 0, lastEpoch, 0.5);
    double top = 1;
    for (int i = 0; i < runs.size(); i++) {
      double healthy = runs.get(i).training().healthyStd();
      curve(plot, i, runs.get(i).training().history(), e -> e.outputStd() / healthy);
      for (EpochRecord epoch : runs.get(i).training().history()) {
        top = Math.max(top, epoch.outputStd() / healthy);
      }
    }
    return plot.yRange(0, 1.1 * top).withoutLegend();
  }

  private LinePlot knn() {
    LinePlot plot = new LinePlot("kNN accuracy", "top-1 on the test split (%)");
    baselines(plot);
    for (int i = 0; i < runs.size(); i++) {
      if (!measured(runs.get(i)).isEmpty()) {
        curve(plot, i, measured(runs.get(i)), TrainingPlots::knnTop1);
      }
    }
    return plot.withoutLegend();
  }

  /** One grey line if all runs began with the same encoder, else a line a run. */
  private void baselines(LinePlot plot) {
    boolean shared = runs.stream().map(ComparisonPlot::baseline).distinct().count() == 1;
    for (int i = 0; i < (shared ? 1 : runs.size()); i++) {
      Color color = shared ? Palette.GREY : Palette.line(i);
      String name = "random encoder " + i;
      baseline(runs.get(i))
          .ifPresent(top1 -> plot.level(name, color, Palette.DASHED, 0, lastEpoch, top1));
    }
  }

  /** Accuracy of the run's encoder before training. */
  private static Optional<Double> baseline(ReportInput run) {
    return run.evaluations().randomKnn().map(knn -> knn.report().top1());
  }

  private static List<EpochRecord> measured(ReportInput run) {
    return TrainingPlots.measured(run.training().history());
  }

  /** Runs may share a name, and series must not, so a curve goes by its number. */
  private static void curve(
      LinePlot plot, int run, List<EpochRecord> epochs, ToDoubleFunction<EpochRecord> value) {
    plot.curve(
        "run " + run,
        Palette.line(run),
        epochs.stream().mapToDouble(EpochRecord::epoch).toArray(),
        epochs.stream().mapToDouble(value).toArray());
  }

  private void legend(Graphics2D graphics) {
    graphics.setFont(Palette.plain(13));
    FontMetrics metrics = graphics.getFontMetrics();
    for (int i = 0; i < runs.size(); i++) {
      int y = HEIGHT + LEGEND_LINE * i + LEGEND_LINE / 2;
      graphics.setColor(Palette.line(i));
      graphics.setStroke(new BasicStroke(3f));
      graphics.drawLine(70, y, 104, y);
      graphics.setColor(Palette.INK);
      String name = Labels.shorten(runs.get(i).name(), LONGEST_NAME);
      graphics.drawString(name, 114, y + metrics.getAscent() / 2 - 1);
    }
    graphics.setColor(Palette.MUTED);
    graphics.drawString(
        "dashed: healthy deviation, random encoder; dotted: collapsed below",
        PANEL + 70,
        HEIGHT + LEGEND_LINE / 2 + metrics.getAscent() / 2 - 1);
  }
}
