package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** What can be said of a picture without eyes. */
public final class Pngs {
  private Pngs() {}

  public static BufferedImage decode(byte[] png) {
    try {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
      assertThat(image).as("a decodable PNG").isNotNull();
      return image;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static int count(BufferedImage image, Color color) {
    int count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xFFFFFF) == (color.getRGB() & 0xFFFFFF) ? 1 : 0;
      }
    }
    return count;
  }

  /** Something is drawn, and nothing is cut off: the outermost pixels are background. */
  static void assertDrawnWithinItsEdges(byte[] png) {
    BufferedImage image = decode(png);
    int all = image.getWidth() * image.getHeight();
    assertThat(all - count(image, Color.WHITE)).isBetween(all / 200, all * 95 / 100);
    int edge = 6;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean outermost =
            x < edge || y < edge || x >= image.getWidth() - edge || y >= image.getHeight() - edge;
        if (outermost && (image.getRGB(x, y) & 0xFFFFFF) != 0xFFFFFF) {
          throw new AssertionError("Expected background, got ink at " + x + ", " + y);
        }
      }
    }
  }
}
