package simsiam.pipelines.report;

import java.nio.file.Path;
import java.util.List;
import simsiam.model.file.AtomicFile;
import simsiam.pipelines.report.plot.Fonts;
import simsiam.pipelines.report.plot.Picture;

/** Sheets of images as PNG files, for people to look through. */
public final class ContactSheets {
  private static final int COLUMNS = 10;

  private ContactSheets() {}

  /**
   * Images in rows of ten, each above its caption.
   *
   * @param images at least one
   */
  public static void images(Path png, String title, List<CaptionedImage> images) {
    write(png, ImageSheet.grid("images", title, images, Math.min(COLUMNS, images.size())));
  }

  /**
   * Images, each followed by its views.
   *
   * @param samples at least one, all with as many views
   */
  public static void views(Path png, List<ViewSample> samples) {
    write(png, ImageSheet.views(samples));
  }

  private static void write(Path png, Picture picture) {
    Fonts.require();
    AtomicFile.write(png, picture.png());
  }
}
