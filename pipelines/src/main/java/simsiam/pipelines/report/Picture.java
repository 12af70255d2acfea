package simsiam.pipelines.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.imageio.ImageIO;

/**
 * A finished picture.
 *
 * @param name of its file, without ending
 * @param title one line that says what it shows
 * @param width in layout pixels; the PNG has twice as many, so that text is sharp on any screen
 * @param png the file's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a file
record Picture(String name, String title, int width, byte[] png) {
  static final int SCALE = 2;

  /** A picture drawn before, at {@link #SCALE} times its layout size. */
  static Picture read(Path file, String title) throws IOException {
    byte[] png = Files.readAllBytes(file);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    if (image == null) {
      throw new IOException(
          "Cannot show a picture: expected a PNG file, got something else (" + file + ")");
    }
    String name = file.getFileName().toString().replaceFirst("\\.png$", "");
    return new Picture(name, title, image.getWidth() / SCALE, png);
  }

  /** Draws on a white canvas of the given size in layout pixels. */
  static Picture draw(
      String name, String title, int width, int height, Consumer<Graphics2D> painter) {
    BufferedImage canvas =
        new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = canvas.createGraphics();
    try {
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, canvas.getWidth(), canvas.getHeight());
      graphics.scale(SCALE, SCALE);
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      painter.accept(graphics);
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(canvas, "png", png)) {
        throw new IllegalStateException("Cannot write " + name + ".png: expected a PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + name + ".png", e);
    }
    return new Picture(name, title, width, png.toByteArray());
  }
}
