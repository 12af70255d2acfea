package simsiam.pipelines.report.plot;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.SVGGraphics2D;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * A finished picture.
 *
 * @param name of its file, without ending
 * @param title one line that says what it shows
 * @param width in layout pixels; the PNG has twice as many, so that text is sharp on any screen
 * @param png the file's bytes
 * @param drawing how it was drawn; empty for one that was read
 */
@SuppressWarnings("ArrayRecordComponent") // bytes on their way to a file
public record Picture(String name, String title, int width, byte[] png, Optional<Drawing> drawing) {
  static final int SCALE = 2;

  /**
   * What is needed to draw a picture again.
   *
   * @param height in layout pixels
   */
  record Drawing(int height, Consumer<Graphics2D> painter) {}

  /** A picture drawn before, at {@link #SCALE} times its layout size. */
  public static Picture read(Path file, String title) throws IOException {
    byte[] png = Files.readAllBytes(file);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    if (image == null) {
      throw new IOException(
          "Cannot show a picture: expected a PNG file, got something else (" + file + ")");
    }
    String name = file.getFileName().toString().replaceFirst("\\.png$", "");
    return new Picture(name, title, image.getWidth() / SCALE, png, Optional.empty());
  }

  /** Draws on a white canvas of the given size in layout pixels. */
  public static Picture draw(
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
    Optional<Drawing> drawing = Optional.of(new Drawing(height, painter));
    return new Picture(name, title, width, png.toByteArray(), drawing);
  }

  /** The same as SVG, sharp at any size; empty for a picture that was read. */
  public Optional<byte[]> svg() {
    return drawing.map(this::svg);
  }

  private byte[] svg(Drawing how) {
    Document document = emptySvg();
    SVGGraphics2D graphics = new SVGGraphics2D(document);
    graphics.setSVGCanvasSize(new Dimension(width, how.height()));
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, how.height());
    how.painter().accept(graphics);
    Element root = graphics.getRoot();
    root.setAttributeNS(null, "viewBox", "0 0 " + width + " " + how.height());
    ByteArrayOutputStream xml = new ByteArrayOutputStream();
    try {
      // Batik's own writer names a document type, for which some readers ask the network.
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(root), new StreamResult(xml));
    } catch (TransformerException e) {
      throw new IllegalStateException("Cannot write " + name + ".svg: " + e.getMessage(), e);
    }
    return xml.toByteArray();
  }

  private static Document emptySvg() {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .getDOMImplementation()
          .createDocument("http://www.w3.org/2000/svg", "svg", null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Cannot write SVG: expected an XML library", e);
    }
  }
}
