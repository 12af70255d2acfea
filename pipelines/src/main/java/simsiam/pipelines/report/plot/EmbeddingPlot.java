package simsiam.pipelines.report.plot;

import java.awt.Color;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import simsiam.eval.embed.Embedding;

/** Test images in the plane of their first two principal components, coloured by class. */
public final class EmbeddingPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 600;

  /** Beyond this many classes a legend would fill the picture. */
  private static final int NAMED = 24;

  private EmbeddingPlot() {}

  public static Picture draw(Embedding embedding) {
    return draw(embedding, "Features of the test split (PCA)");
  }

  public static Picture draw(Embedding embedding, String title) {
    XYChart chart = new XYChart(WIDTH, HEIGHT);
    chart.setTitle(title);
    chart.setXAxisTitle(axis("first", embedding.xShare()));
    chart.setYAxisTitle(axis("second", embedding.yShare()));
    XYStyler styler = chart.getStyler();
    LinePlot.style(styler);
    styler.setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setLegendLayout(LegendLayout.Vertical);
    styler.setMarkerSize(embedding.points().size() > 800 ? 5 : 7);
    int classes = embedding.classNames().size();
    styler.setLegendVisible(classes <= NAMED);
    for (int label = -1; label < classes; label++) {
      add(chart, embedding, label, classes);
    }
    return Picture.draw("embedding", title, WIDTH, HEIGHT, g -> chart.paint(g, WIDTH, HEIGHT));
  }

  private static void add(XYChart chart, Embedding embedding, int label, int classes) {
    List<Embedding.Point> points =
        embedding.points().stream().filter(point -> point.label() == label).toList();
    if (points.isEmpty()) {
      return;
    }
    // Names may repeat once shortened; XChart wants each series once.
    String name = Labels.shorten(Labels.of(label, embedding.classNames()), 20);
    if (chart.getSeriesMap().containsKey(name)) {
      name = name + " (" + label + ")";
    }
    XYSeries series =
        chart.addSeries(
            name,
            points.stream().mapToDouble(Embedding.Point::x).toArray(),
            points.stream().mapToDouble(Embedding.Point::y).toArray());
    Color color = label < 0 ? Palette.GRID : Palette.ofClass(label, classes);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), 170));
  }

  private static String axis(String which, double share) {
    return String.format(
        Locale.ROOT, "%s principal component (%.1f %% of the variance)", which, 100 * share);
  }
}
