package simsiam.pipelines.source;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of a text file that describes images, each with its place for messages. */
record TextLines(List<Line> lines) {
  /**
   * One line that is not blank.
   *
   * @param place {@code file:line}
   */
  record Line(String place, String text) {
    /** Parts between separators. */
    List<String> parts(String separator) {
      return List.of(text.split(separator, -1));
    }
  }

  static TextLines of(String place, byte[] content) {
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
  static String decode(String place, byte[] content) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw SourceProblem.of("UTF-8 text", "%s (%s)".formatted(e, place));
    }
  }
}
