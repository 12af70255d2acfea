package simsiam.pipelines.report;

import java.awt.Graphics2D;
import java.util.List;

/** Several plots in one picture. */
final class Panels {
  private Panels() {}

  static Picture row(String name, String title, int width, int height, List<LinePlot> plots) {
    return Picture.draw(name, title, width, height, g -> paint(g, width, height, plots));
  }

  static void paint(Graphics2D graphics, int width, int height, List<LinePlot> plots) {
    int each = width / plots.size();
    for (int i = 0; i < plots.size(); i++) {
      Graphics2D panel = (Graphics2D) graphics.create(i * each, 0, each, height);
      try {
        plots.get(i).paint(panel, each, height);
      } finally {
        panel.dispose();
      }
    }
  }
}
