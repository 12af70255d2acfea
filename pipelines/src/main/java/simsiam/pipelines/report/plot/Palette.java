package simsiam.pipelines.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;

/** Colours, strokes and fonts of all pictures. The line colours are Okabe and Ito's. */
public final class Palette {
  public static final Color INK = new Color(0x22, 0x22, 0x22);
  public static final Color MUTED = new Color(0x66, 0x66, 0x66);
  public static final Color GRID = new Color(0xE3, 0xE3, 0xE3);
  static final Color FAINT = new Color(0xC9, 0xD6, 0xE3);
  static final Color BLUE = new Color(0x00, 0x72, 0xB2);
  public static final Color VERMILION = new Color(0xD5, 0x5E, 0x00);
  public static final Color GREEN = new Color(0x00, 0x9E, 0x73);
  public static final Color GREY = new Color(0x7F, 0x7F, 0x7F);

  public static final BasicStroke SOLID =
      new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  static final BasicStroke THIN = new BasicStroke(1f);
  public static final BasicStroke DASHED = dashed(7f, 5f);
  static final BasicStroke DOTTED = dashed(2f, 4f);

  private static final Color[] LINES = {
    BLUE,
    VERMILION,
    GREEN,
    new Color(0xCC, 0x79, 0xA7),
    new Color(0xE6, 0x9F, 0x00),
    new Color(0x56, 0xB4, 0xE9),
    new Color(0x33, 0x33, 0x33),
    new Color(0x8C, 0x6D, 0x31)
  };

  /** Ten hues far apart, for as many classes. */
  private static final int[] CLASSES = {
    0x1F77B4, 0xFF7F0E, 0x2CA02C, 0xD62728, 0x9467BD, 0x8C564B, 0xE377C2, 0x7F7F7F, 0xBCBD22,
    0x17BECF
  };

  private Palette() {}

  /** The colour of the i-th of several curves. */
  public static Color line(int i) {
    // Beyond those chosen by hand, hues as far from the last ones as the golden ratio brings them.
    return i < LINES.length
        ? LINES[i]
        : Color.getHSBColor((float) (0.618034 * i % 1), 0.8f, i % 2 == 0 ? 0.55f : 0.8f);
  }

  /** The colour of a class among {@code classes}. */
  static Color ofClass(int label, int classes) {
    return classes <= CLASSES.length
        ? new Color(CLASSES[label])
        : Color.getHSBColor((float) label / classes, 0.55f + 0.3f * (label % 3) / 2, 0.8f);
  }

  public static Font plain(int size) {
    return new Font(Font.SANS_SERIF, Font.PLAIN, size);
  }

  public static Font bold(int size) {
    return new Font(Font.SANS_SERIF, Font.BOLD, size);
  }

  private static BasicStroke dashed(float on, float off) {
    return new BasicStroke(
        1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1f, new float[] {on, off}, 0f);
  }
}
