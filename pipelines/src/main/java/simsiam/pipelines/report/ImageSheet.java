package simsiam.pipelines.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.report.plot.Labels;
import simsiam.pipelines.report.plot.Palette;
import simsiam.pipelines.report.plot.Picture;

/** Images in rows and columns, each with a caption and, if wanted, a coloured frame. */
final class ImageSheet {
  private static final int GAP = 10;
  private static final int CAPTION = 18;
  private static final int HEAD = 76;

  private final String title;
  private final int side;
  private final List<String> heads;
  private final List<List<Cell>> rows = new ArrayList<>();

  /** One picture of a sheet; {@code frame} may be the background's white. */
  private record Cell(RgbImage image, String caption, Color frame) {}

  private ImageSheet(String title, int side, List<String> heads) {
    this.title = title;
    this.side = side;
    this.heads = heads;
  }

  /** Images, one a row, each followed by its augmented views. */
  static Picture views(List<ViewSample> samples) {
    List<String> heads = new ArrayList<>(List.of("original"));
    for (int v = 1; v <= samples.get(0).views().size(); v++) {
      heads.add("view " + v);
    }
    // Two samples a row keep the sheet in landscape.
    List<String> twice = new ArrayList<>(heads);
    twice.addAll(heads);
    ImageSheet sheet = new ImageSheet("Images and their augmented views", 112, twice);
    for (int i = 0; i < samples.size(); i += 2) {
      List<Cell> row = new ArrayList<>();
      for (ViewSample sample : samples.subList(i, Math.min(i + 2, samples.size()))) {
        row.add(new Cell(sample.original(), "", Palette.INK));
        sample.views().forEach(view -> row.add(new Cell(view, "", Color.WHITE)));
      }
      sheet.rows.add(row);
    }
    return sheet.picture("views");
  }

  /** Test images, one a row, each followed by its nearest train images. */
  static Picture neighbours(String title, List<NeighbourSample> samples, List<String> classNames) {
    int most = samples.stream().mapToInt(s -> s.neighbours().size()).max().orElse(0);
    List<String> heads = new ArrayList<>(List.of("query"));
    for (int i = 1; i <= most; i++) {
      heads.add(String.valueOf(i));
    }
    ImageSheet sheet = new ImageSheet(title, 88, heads);
    for (NeighbourSample sample : samples) {
      List<Cell> row = new ArrayList<>();
      row.add(new Cell(sample.query(), Labels.of(sample.label(), classNames), Palette.INK));
      for (NeighbourSample.Neighbour neighbour : sample.neighbours()) {
        String caption =
            String.format(
                Locale.ROOT,
                "%.2f %s",
                neighbour.similarity(),
                Labels.of(neighbour.label(), classNames));
        boolean right = neighbour.label() == sample.label() && sample.label() >= 0;
        row.add(new Cell(neighbour.image(), caption, right ? Palette.GREEN : Palette.VERMILION));
      }
      sheet.rows.add(row);
    }
    return sheet.picture("neighbours");
  }

  /**
   * Images in rows, each with a caption.
   *
   * @param columns images a row
   */
  static Picture grid(String name, String title, List<CaptionedImage> images, int columns) {
    ImageSheet sheet = new ImageSheet(title, 96, Collections.nCopies(columns, ""));
    for (int i = 0; i < images.size(); i += columns) {
      sheet.rows.add(
          images.subList(i, Math.min(i + columns, images.size())).stream()
              .map(image -> new Cell(image.image(), image.caption(), Color.WHITE))
              .toList());
    }
    return sheet.picture(name);
  }

  private Picture picture(String name) {
    int width = 2 * GAP + heads.size() * (side + GAP);
    int height = HEAD + rows.size() * rowHeight() + GAP;
    return Picture.draw(name, title, width, height, graphics -> paint(graphics, width));
  }

  private void paint(Graphics2D graphics, int width) {
    graphics.setColor(Palette.INK);
    graphics.setFont(Palette.bold(16));
    int titleWidth = graphics.getFontMetrics().stringWidth(title);
    graphics.drawString(title, (width - titleWidth) / 2, 32);
    graphics.setFont(Palette.plain(13));
    graphics.setColor(Palette.MUTED);
    for (int column = 0; column < heads.size(); column++) {
      graphics.drawString(heads.get(column), x(column), HEAD - 10);
    }
    for (int row = 0; row < rows.size(); row++) {
      int y = HEAD + row * rowHeight();
      for (int column = 0; column < rows.get(row).size(); column++) {
        cell(graphics, rows.get(row).get(column), x(column), y);
      }
    }
  }

  private void cell(Graphics2D graphics, Cell cell, int x, int y) {
    RgbImage image = cell.image();
    double scale = (double) side / Math.max(image.height(), image.width());
    int width = Math.max(1, (int) Math.round(image.width() * scale));
    int height = Math.max(1, (int) Math.round(image.height() * scale));
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION,
        scale > 1
            ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
            : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    int left = x + (side - width) / 2;
    int top = y + (side - height) / 2;
    graphics.drawImage(buffered(image), left, top, width, height, null);
    if (!cell.frame().equals(Color.WHITE)) {
      graphics.setColor(cell.frame());
      graphics.setStroke(new BasicStroke(2.5f));
      graphics.drawRect(left - 1, top - 1, width + 1, height + 1);
    }
    graphics.setFont(Palette.plain(11));
    graphics.setColor(Palette.INK);
    graphics.drawString(fitting(graphics, cell.caption()), x, y + side + 14);
  }

  /** The caption, shortened until it is no wider than its image. */
  private String fitting(Graphics2D graphics, String caption) {
    String fitting = caption;
    int length = caption.codePointCount(0, caption.length());
    while (length > 1 && graphics.getFontMetrics().stringWidth(fitting) > side) {
      fitting = Labels.shorten(caption, --length);
    }
    return fitting;
  }

  private int rowHeight() {
    boolean captions =
        rows.stream().flatMap(List::stream).anyMatch(cell -> !cell.caption().isEmpty());
    return side + GAP + (captions ? CAPTION : 0);
  }

  private int x(int column) {
    return GAP + GAP / 2 + column * (side + GAP);
  }

  private static BufferedImage buffered(RgbImage image) {
    BufferedImage buffered =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    byte[] pixels = image.pixels();
    for (int i = 0; i < image.height() * image.width(); i++) {
      int rgb =
          ((pixels[3 * i] & 0xFF) << 16)
              | ((pixels[3 * i + 1] & 0xFF) << 8)
              | (pixels[3 * i + 2] & 0xFF);
      buffered.setRGB(i % image.width(), i / image.width(), rgb);
    }
    return buffered;
  }
}
