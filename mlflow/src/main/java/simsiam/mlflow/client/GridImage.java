package simsiam.mlflow.client;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * A picture under the names that the image grid of MLflow's charts parses: {@code
 * images/<key>+step+<n>+timestamp+<ms>+<id>.png}, and a thumbnail that ends in {@code
 * +compressed.png}. The plus sign as delimiter, because per cent signs are mangled by proxies. A
 * slash in the key becomes a dot: MLflow's own replacement, the number sign, is refused by the
 * artifact proxy as an unsafe path.
 */
record GridImage(String stem) {
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._/-]+");

  /** The grid shows no other picture, also where it fills the screen. */
  private static final int THUMBNAIL = 800;

  static GridImage of(String key, long step, long time) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "Cannot log an image: expected a key of letters, digits and . _ - /, got '" + key + "'");
    }
    return new GridImage(
        "images/%s+step+%s+timestamp+%s+%s"
            .formatted(key.replace('/', '.'), step, time, UUID.randomUUID()));
  }

  String path() {
    return stem + ".png";
  }

  String thumbnailPath() {
    return stem + "+compressed.png";
  }

  /** The picture as PNG, at most 800 pixels wide and high. */
  byte[] thumbnail(byte[] png) throws IOException {
    BufferedImage full = ImageIO.read(new ByteArrayInputStream(png));
    if (full == null) {
      throw new IOException(
          String.format(
              Locale.ROOT,
              "Cannot log an image: expected a PNG file, got %,d bytes of something else",
              png.length));
    }
    double scale = Math.min(1, (double) THUMBNAIL / Math.max(full.getWidth(), full.getHeight()));
    int width = Math.max(1, (int) Math.round(full.getWidth() * scale));
    int height = Math.max(1, (int) Math.round(full.getHeight() * scale));
    BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = small.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(full, 0, 0, width, height, null);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(small, "png", out);
    return out.toByteArray();
  }
}
