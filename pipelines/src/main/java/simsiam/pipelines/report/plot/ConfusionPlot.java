package simsiam.pipelines.report.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.util.List;
import simsiam.pipelines.result.CountMatrix;

/**
 * A confusion matrix as a heat map: each row, a true class, is shaded by the share of its images
 * that were given each class.
 */
public final class ConfusionPlot {
  private static final int GRID = 520;

  /** Beyond this many classes cells are too small for numbers and names. */
  private static final int LABELLED = 25;

  private static final int LONGEST_NAME = 18;
  private static final Font NAMES = Palette.plain(12);

  private final CountMatrix matrix;
  private final int classes;
  private final double cell;
  private final int left;
  private final int top = 56;
  private final int below;

  private ConfusionPlot(CountMatrix matrix) {
    this.matrix = matrix;
    this.classes = matrix.classNames().size();
    this.cell = (double) GRID / classes;
    double names = classes <= LABELLED ? widestName(matrix.classNames()) : 0;
    this.left = (int) (60 + names);
    this.below = (int) (58 + Math.sqrt(0.5) * names);
  }

  public static Picture draw(CountMatrix matrix) {
    ConfusionPlot plot = new ConfusionPlot(matrix);
    int width = plot.left + GRID + 110;
    return Picture.draw(
        matrix.name(), matrix.title(), width, plot.top + GRID + plot.below, plot::paint);
  }

  private static double widestName(List<String> names) {
    FontRenderContext context = new FontRenderContext(null, true, true);
    return names.stream()
        .map(name -> Labels.shorten(name, LONGEST_NAME))
        .mapToDouble(name -> NAMES.getStringBounds(name, context).getWidth())
        .max()
        .orElse(0);
  }

  private void paint(Graphics2D graphics) {
    graphics.setColor(Palette.INK);
    graphics.setFont(Palette.bold(16));
    centred(graphics, matrix.title(), left + GRID / 2.0, 32);
    for (int truth = 0; truth < classes; truth++) {
      for (int predicted = 0; predicted < classes; predicted++) {
        cell(graphics, truth, predicted);
      }
    }
    graphics.setColor(Palette.MUTED);
    graphics.draw(new Rectangle2D.Double(left, top, GRID, GRID));
    if (classes <= LABELLED) {
      names(graphics);
    }
    axisTitles(graphics);
    scale(graphics);
  }

  private void cell(Graphics2D graphics, int truth, int predicted) {
    int total = matrix.total(truth);
    double share = total == 0 ? 0 : (double) matrix.counts().get(truth).get(predicted) / total;
    double x = left + predicted * cell;
    double y = top + truth * cell;
    graphics.setColor(shade(share));
    graphics.fill(new Rectangle2D.Double(x, y, Math.ceil(cell), Math.ceil(cell)));
    if (classes <= LABELLED && share >= 0.005) {
      graphics.setFont(Palette.plain(cell >= 40 ? 13 : 10));
      graphics.setColor(share > 0.5 ? Color.WHITE : Palette.INK);
      FontMetrics metrics = graphics.getFontMetrics();
      double baseline = y + (cell + metrics.getAscent() - metrics.getDescent()) / 2;
      centred(graphics, String.valueOf(Math.round(100 * share)), x + cell / 2, baseline);
    }
  }

  private void names(Graphics2D graphics) {
    graphics.setFont(NAMES);
    graphics.setColor(Palette.INK);
    FontMetrics metrics = graphics.getFontMetrics();
    for (int c = 0; c < classes; c++) {
      String name = Labels.shorten(matrix.classNames().get(c), LONGEST_NAME);
      double middle = (c + 0.5) * cell;
      float baseline = (float) (top + middle + metrics.getAscent() / 2.0 - 1);
      graphics.drawString(name, left - 8 - metrics.stringWidth(name), baseline);
      AffineTransform upright = graphics.getTransform();
      graphics.translate(left + middle + 4, top + GRID + 12);
      graphics.rotate(-Math.PI / 4);
      graphics.drawString(name, -metrics.stringWidth(name), metrics.getAscent() / 2);
      graphics.setTransform(upright);
    }
  }

  private void axisTitles(Graphics2D graphics) {
    graphics.setFont(Palette.plain(13));
    graphics.setColor(Palette.INK);
    centred(graphics, "predicted class", left + GRID / 2.0, top + GRID + below - 14);
    AffineTransform upright = graphics.getTransform();
    graphics.translate(24, top + GRID / 2.0);
    graphics.rotate(-Math.PI / 2);
    centred(graphics, "true class", 0, 0);
    graphics.setTransform(upright);
  }

  private void scale(Graphics2D graphics) {
    int x = left + GRID + 24;
    int height = GRID;
    for (int i = 0; i < height; i++) {
      graphics.setColor(shade(1 - (double) i / height));
      graphics.fill(new Rectangle2D.Double(x, top + i, 16, 1.5));
    }
    graphics.setColor(Palette.MUTED);
    graphics.draw(new Rectangle2D.Double(x, top, 16, height));
    graphics.setFont(Palette.plain(12));
    for (int percent = 0; percent <= 100; percent += 25) {
      graphics.drawString(percent + " %", x + 22, top + height - percent * height / 100 + 4);
    }
    AffineTransform upright = graphics.getTransform();
    graphics.translate(x + 78, top + GRID / 2.0);
    graphics.rotate(-Math.PI / 2);
    centred(graphics, "share of the true class's images", 0, 0);
    graphics.setTransform(upright);
  }

  /** From white to dark blue. */
  private static Color shade(double share) {
    double s = Math.sqrt(share);
    return new Color(mix(255, 8, s), mix(255, 64, s), mix(255, 129, s));
  }

  private static int mix(int from, int to, double share) {
    return (int) Math.round(from + (to - from) * share);
  }

  private static void centred(Graphics2D graphics, String text, double x, double baseline) {
    double width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, (float) (x - width / 2), (float) baseline);
  }
}
