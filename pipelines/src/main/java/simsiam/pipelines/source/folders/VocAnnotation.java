package simsiam.pipelines.source.folders;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * An annotation of PASCAL VOC: an {@code annotation} with {@code object}s, each with a {@code name}
 * and, perhaps, {@code difficult}, 0 or 1. Documents that declare a type are refused: a declaration
 * can name files and addresses to be read.
 */
final class VocAnnotation {
  private static final String NO_DECLARATIONS =
      "http://apache.org/xml/features/disallow-doctype-decl";

  private VocAnnotation() {}

  /**
   * The classes that it names: 1 with an object that is not difficult, else 0.
   *
   * @param place for messages
   */
  static SortedMap<String, Integer> labels(byte[] xml, String place) {
    Element root = root(xml, place);
    if (!root.getTagName().equals("annotation")) {
      throw SourceProblem.of(
          "an element annotation", "%s (%s)".formatted(root.getTagName(), place));
    }
    SortedMap<String, Integer> labels = new TreeMap<>();
    for (Element object : children(root, "object")) {
      List<Element> names = children(object, "name");
      String name = names.size() == 1 ? names.get(0).getTextContent().strip() : "";
      if (name.isEmpty()) {
        throw SourceProblem.of("one name of each object", "none or more (%s)".formatted(place));
      }
      labels.merge(name, difficult(object, place) ? 0 : 1, Math::max);
    }
    return labels;
  }

  private static boolean difficult(Element object, String place) {
    List<Element> marks = children(object, "difficult");
    String mark = marks.isEmpty() ? "0" : marks.get(0).getTextContent().strip();
    if (!mark.equals("0") && !mark.equals("1")) {
      throw SourceProblem.of("difficult to be 0 or 1", "'%s' (%s)".formatted(mark, place));
    }
    return mark.equals("1");
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static Element root(byte[] xml, String place) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature(NO_DECLARATIONS, true);
      factory.setXIncludeAware(false);
      factory.setExpandEntityReferences(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(new DefaultHandler()); // else it prints what it throws
      return builder.parse(new ByteArrayInputStream(xml)).getDocumentElement();
    } catch (SAXParseException e) {
      throw SourceProblem.of(
          "an annotation in XML, without a document type",
          String.format(Locale.ROOT, "%s (%s:%d)", e.getMessage(), place, e.getLineNumber()));
    } catch (SAXException | IOException e) {
      throw SourceProblem.of(
          "an annotation in XML, without a document type",
          "%s (%s)".formatted(e.getMessage(), place));
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException("Cannot read XML: " + e.getMessage(), e);
    }
  }
}
