package simsiam.pipelines.report.plot;

import java.awt.font.FontRenderContext;

/** Whether this Java can write text into pictures; a bare container may have no font at all. */
public final class Fonts {
  private Fonts() {}

  public static void require() {
    try {
      Palette.plain(12).getStringBounds("x", new FontRenderContext(null, true, true));
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IllegalStateException(
          "Cannot draw plots: expected a font, got none (install fontconfig and a font such as"
              + " DejaVu Sans: "
              + e.getMessage()
              + ")",
          e);
    }
  }
}
