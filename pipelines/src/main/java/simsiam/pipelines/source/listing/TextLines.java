package simsiam.pipelines.source.listing;

import java.util.ArrayList;
import java.util.List;
import simsiam.model.file.Utf8Text;

/** The lines of a text file that describes images, each with its place for messages. */
public record TextLines(List<Line> lines) {
  /**
   * One line that is not blank.
   *
   * @param place {@code file:line}
   */
  public record Line(String place, String text) {
    /** Parts between separators. */
    public List<String> parts(String separator) {
      return List.of(text.split(separator, -1));
    }
  }

  public static TextLines of(String place, byte[] content) {
    String[] lines = decode(place, content).split("\r\n|\n|\r", -1);
    List<Line> kept = new ArrayList<>();
    for (int i = 0; i < lines.length; i++) {
      if (!lines[i].isBlank()) {
        kept.add(new Line(place + ":" + (i + 1), lines[i]));
      }
    }
    return new TextLines(kept);
  }

  /** UTF-8 text, without a byte order mark. */
  public static String decode(String place, byte[] content) {
    try {
      return Utf8Text.decode(content);
    } catch (Utf8Text.MalformedException e) {
      throw malformed(place, e);
    }
  }

  /** The error for text that is no UTF-8. */
  public static RuntimeException malformed(String place, Utf8Text.MalformedException e) {
    return SourceProblem.of(
        "UTF-8 text", "%s (%s:%s:%s)".formatted(e.getMessage(), place, e.line(), e.column()));
  }
}
