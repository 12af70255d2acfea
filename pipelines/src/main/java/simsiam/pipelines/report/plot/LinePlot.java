package simsiam.pipelines.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.stat.StatUtils;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler.TextAlignment;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines in a plane, in the style all plots share. */
public final class LinePlot {
  public static final int WIDTH = 800;
  static final int HEIGHT = 500;

  /** Curves of no more points than this show each of them. */
  private static final int MARKED = 40;

  private static final int LONGEST_TITLE = 40;

  /** Of the plot's own title, in larger letters but over its whole width. */
  private static final int LONGEST_HEADING = 60;

  /** Most over least value on an axis of doublings. */
  private static final double MOST_DOUBLINGS = 1024;

  private final String title;
  private final XYChart chart;

  /** Where on the x axis its values are, if not where they are as numbers. */
  private final Map<Double, Double> places = new LinkedHashMap<>();

  /** Where on the x axis all others are. */
  private DoubleUnaryOperator where = DoubleUnaryOperator.identity();

  public LinePlot(String title, String xTitle, String yTitle) {
    this.title = title;
    chart = new XYChart(WIDTH, HEIGHT);
    chart.setTitle(Labels.shorten(title, LONGEST_HEADING));
    chart.setXAxisTitle(Labels.shorten(xTitle, LONGEST_TITLE));
    chart.setYAxisTitle(Labels.shorten(yTitle, LONGEST_TITLE));
    style(chart.getStyler());
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    chart.getStyler().setXAxisMin(0.0);
  }

  /** A line. */
  LinePlot curve(String name, Color color, BasicStroke stroke, double[] x, double[] y) {
    XYSeries series = add(name, color, stroke, x, y);
    if (x.length <= MARKED) {
      series.setMarker(SeriesMarkers.CIRCLE);
      series.setMarkerColor(color);
    }
    return this;
  }

  /** A pale line in the background; to be added before what it lies behind. */
  LinePlot background(String name, double[] x, double[] y) {
    add(name, Palette.FAINT, Palette.THIN, x, y);
    return this;
  }

  /** A horizontal line. */
  LinePlot level(String name, Color color, BasicStroke stroke, double from, double to, double y) {
    double[] ends = {where.applyAsDouble(from), where.applyAsDouble(to)};
    add(name, color, stroke, ends, new double[] {y, y});
    return this;
  }

  LinePlot yRange(double min, double max) {
    chart.getStyler().setYAxisMin(min).setYAxisMax(max);
    return this;
  }

  LinePlot logarithmic() {
    chart.getStyler().setYAxisLogarithmic(true);
    return this;
  }

  /**
   * A logarithmic x axis for {@link #points}, of doublings, or of powers of ten where the values
   * span more. To be called first.
   *
   * @param least of the values, above 0
   */
  LinePlot logarithmicX(double least, double most) {
    double base = most > MOST_DOUBLINGS * least ? 10 : 2;
    where = x -> Math.log(x) / Math.log(base);
    // The margins take what rounding makes of an exact power.
    double first = Math.floor(where.applyAsDouble(least) + 1e-9);
    double last = Math.max(first + 1, Math.ceil(where.applyAsDouble(most) - 1e-9));
    XYStyler styler = chart.getStyler();
    styler.setXAxisMin(first).setXAxisMax(last);
    // XChart tries ticks until all labels differ, and so takes none of the places between powers.
    styler.setxAxisTickLabelsFormattingFunction(
        place -> Math.abs(place - Math.rint(place)) < 1e-6 ? number(Math.pow(base, place)) : "");
    return this;
  }

  /** An x axis of few whole numbers, each with a tick, and none between. To be called first. */
  LinePlot wholeX(int first, int last) {
    for (int i = first; i <= last; i++) {
      places.put((double) i, (double) i);
    }
    XYStyler styler = chart.getStyler();
    styler.setXAxisMin((double) first).setXAxisMax((double) last);
    styler.setxAxisTickLabelsFormattingFunction(this::valueAt);
    return this;
  }

  /**
   * An x axis with these values as its ticks: on a scale of doublings where all are powers of two,
   * evenly spaced where they span much, else true to scale, with round ticks. To be called first.
   *
   * @param values at least two, rising
   */
  public LinePlot xValues(double... values) {
    double least = values[0];
    double most = values[values.length - 1];
    if (Arrays.stream(values).allMatch(LinePlot::powerOfTwo)) {
      for (int i = Math.getExponent(least); i <= Math.getExponent(most); i++) {
        places.put(Math.scalb(1.0, i), (double) i);
      }
    } else if (least > 0 && most >= 8 * least) {
      Arrays.stream(values).forEach(value -> places.put(value, (double) places.size()));
    }
    XYStyler styler = chart.getStyler();
    styler.setXAxisMin(place(least)).setXAxisMax(place(most));
    if (!places.isEmpty()) {
      styler.setxAxisTickLabelsFormattingFunction(this::valueAt);
    }
    return this;
  }

  private static boolean powerOfTwo(double value) {
    return value > 0 && Math.scalb(1.0, Math.getExponent(value)) == value;
  }

  private double place(double x) {
    return places.getOrDefault(x, where.applyAsDouble(x));
  }

  private String valueAt(double place) {
    return places.entrySet().stream()
        .filter(entry -> Math.abs(entry.getValue() - place) < 1e-6)
        .map(entry -> number(entry.getKey()))
        .findFirst()
        .orElse("");
  }

  /**
   * Points, joined by a line, where an axis of {@link #xValues} has them if there is one.
   *
   * @param spread length of the bar up and down of each point; all 0: no bars
   */
  public LinePlot points(
      String name, Color color, BasicStroke stroke, double[] x, double[] y, double[] spread) {
    XYSeries series = add(name, color, stroke, Arrays.stream(x).map(this::place).toArray(), y);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(color);
    if (Arrays.stream(spread).anyMatch(length -> length > 0)) {
      chart.updateXYSeries(series.getName(), series.getXData(), y, spread);
    }
    return this;
  }

  LinePlot withoutLegend() {
    chart.getStyler().setLegendVisible(false);
    return this;
  }

  void paint(Graphics2D graphics, int width, int height) {
    chart.paint(graphics, width, height);
  }

  public Picture picture(String name) {
    return Picture.draw(name, title, WIDTH, HEIGHT, graphics -> paint(graphics, WIDTH, HEIGHT));
  }

  /** Two lines and what is between them, filled; to be added before what it lies behind. */
  LinePlot band(Color color, double[] x, double[] low, double[] high) {
    int points = x.length;
    double[] around = new double[2 * points];
    double[] edge = new double[2 * points];
    for (int i = 0; i < points; i++) {
      around[i] = x[i];
      edge[i] = high[i];
      around[2 * points - 1 - i] = x[i];
      edge[2 * points - 1 - i] = low[i];
    }
    Color pale = new Color(color.getRed(), color.getGreen(), color.getBlue(), 48);
    XYSeries series = add("band", pale, Palette.THIN, around, edge);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(pale);
    return this;
  }

  private XYSeries add(String name, Color color, BasicStroke stroke, double[] x, double[] y) {
    if (chart.getSeriesMap().isEmpty()) {
      steerTicks(x, y);
    }
    XYSeries series = chart.addSeries(unused(name), x, y);
    series.setLineColor(color);
    series.setLineStyle(stroke);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  /**
   * XChart puts the ticks of evenly spaced values at values, such as at every 40th step of 39 an
   * epoch. So a first series, of which nothing is seen, either has the ticks that are wanted, or
   * its values in another order, which makes XChart take round numbers.
   */
  private void steerTicks(double[] x, double[] y) {
    double left = StatUtils.min(x);
    double[] ticks =
        places.isEmpty()
            ? new double[] {left, StatUtils.max(x), left}
            : places.values().stream().mapToDouble(place -> place).toArray();
    double low = StatUtils.min(y);
    double high = StatUtils.max(y);
    double[] uneven = new double[ticks.length];
    Arrays.fill(uneven, low + 0.4 * (high - low));
    uneven[0] = low;
    uneven[1] = high;
    XYSeries unseen = chart.addSeries("ticks", ticks, uneven);
    unseen.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    unseen.setMarker(SeriesMarkers.NONE);
    unseen.setShowInLegend(false);
  }

  /** XChart wants each series once, and lines may share a name. */
  private String unused(String name) {
    String shown = Labels.shorten(name, LONGEST_TITLE);
    String free = shown;
    for (int i = 2; chart.getSeriesMap().containsKey(free); i++) {
      free = shown + " (" + i + ")";
    }
    return free;
  }

  /** Fonts, colours and spacing of any chart. */
  static void style(XYStyler styler) {
    styler.setChartTitleFont(Palette.bold(16));
    styler.setAxisTitleFont(Palette.plain(13));
    styler.setAxisTickLabelsFont(Palette.plain(12));
    styler.setLegendFont(Palette.plain(12));
    styler.setChartFontColor(Palette.INK);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(Palette.GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setAxisTickMarksColor(Palette.MUTED);
    styler.setAxisTickLabelsColor(Palette.MUTED);
    styler.setChartTitleBoxVisible(false);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setChartPadding(14);
    styler.setMarkerSize(5);
    styler.setLocale(Locale.ROOT);
    styler.setChartTitlePadding(10);
    styler.setXAxisTickMarkSpacingHint(64);
    styler.setYAxisTickMarkSpacingHint(56);
    styler.setYAxisLabelAlignment(TextAlignment.Right);
    styler.setyAxisTickLabelsFormattingFunction(LinePlot::number);
    styler.setxAxisTickLabelsFormattingFunction(LinePlot::number);
  }

  /** Six digits at most, without the noise of binary fractions. */
  private static String number(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return rounded.signum() == 0 || Math.abs(value) < 1e-12 ? "0" : rounded.toPlainString();
  }
}
