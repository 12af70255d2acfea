package simsiam.pipelines.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import simsiam.pipelines.result.Curve;
import simsiam.pipelines.result.Curve.Role;

/** A curve of one run as a picture. */
public final class CurvePlot {
  /**
   * Whole numbers on an axis that each get a tick: with fewer the library would look on for more.
   */
  private static final int LEAST_TICKS = 3;

  private static final int MOST_TICKS = 13;

  private CurvePlot() {}

  public static Picture draw(Curve curve) {
    LinePlot plot = new LinePlot(curve.title(), curve.xLabel(), curve.yLabel());
    double least = x(curve).min().orElseThrow();
    double right = x(curve).max().orElseThrow();
    boolean whole = fewWhole(curve, right - Math.floor(least));
    double left = curve.logarithmicX() || whole ? least : Math.min(0, least);
    if (curve.logarithmicX()) {
      plot.logarithmicX(least, right);
    } else if (whole) {
      plot.wholeX((int) Math.floor(least), (int) Math.ceil(right));
    }
    for (Curve.Line line : curve.lines()) {
      double[] x = array(line.x());
      double[] y = array(line.y());
      if (curve.logarithmicX() || !line.spread().isEmpty()) {
        double[] spread = line.spread().isEmpty() ? new double[y.length] : array(line.spread());
        plot.points(line.label(), color(line.role()), stroke(line.role()), x, y, spread);
      } else if (line.role() == Role.BACKGROUND) {
        plot.background(line.label(), x, y);
      } else {
        plot.curve(line.label(), color(line.role()), stroke(line.role()), x, y);
      }
    }
    for (Curve.Level level : curve.levels()) {
      plot.level(
          level.label(), color(level.role()), levelStroke(level.role()), left, right, level.y());
    }
    scale(plot, List.of(curve));
    return plot.picture(curve.name());
  }

  /** Gives the plot the y axis that the curves ask for. */
  static void scale(LinePlot plot, List<Curve> curves) {
    switch (curves.get(0).scale()) {
      case LINEAR -> {}
      case LOGARITHMIC -> plot.logarithmic();
      case FROM_ZERO -> {
        // Single steps may stray far from their means, which are what the plot is about.
        double top =
            curves.stream()
                .flatMapToDouble(
                    curve ->
                        DoubleStream.concat(
                            curve.lines().stream()
                                .filter(line -> line.role() != Role.BACKGROUND)
                                .flatMapToDouble(line -> line.y().stream().mapToDouble(y -> y)),
                            curve.levels().stream().mapToDouble(Curve.Level::y)))
                .max()
                .orElse(1);
        plot.yRange(0, 1.15 * top);
      }
    }
  }

  static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Such as epochs or layers, of which there are no halves. */
  private static boolean fewWhole(Curve curve, double span) {
    return span >= LEAST_TICKS - 1
        && span < MOST_TICKS
        && x(curve).allMatch(x -> x == Math.rint(x));
  }

  private static DoubleStream x(Curve curve) {
    return curve.lines().stream().flatMapToDouble(line -> line.x().stream().mapToDouble(x -> x));
  }

  private static Color color(Role role) {
    return switch (role) {
      case MAIN -> Palette.BLUE;
      case SECOND, LIMIT -> Palette.VERMILION;
      case BASELINE, SECOND_BASELINE -> Palette.GREY;
      case BACKGROUND -> Palette.FAINT;
      case GOOD -> Palette.GREEN;
    };
  }

  private static BasicStroke stroke(Role role) {
    return role == Role.SECOND_BASELINE ? Palette.DASHED : Palette.SOLID;
  }

  static BasicStroke levelStroke(Role role) {
    return role == Role.LIMIT ? Palette.DOTTED : Palette.DASHED;
  }
}
