package simsiam.pipelines.report.plot;

import java.util.List;
import java.util.regex.Pattern;

/** Names as pictures show them. */
public final class Labels {
  private Labels() {}

  /** What XML, and so SVG, may not hold, and no font can show. */
  private static final Pattern NOT_TEXT = Pattern.compile("[\\p{Cc}\\p{Cs}\uFFFE\uFFFF&&[^\\s]]");

  /** The name on one line, its end replaced by an ellipsis beyond {@code most} characters. */
  public static String shorten(String name, int most) {
    String text = NOT_TEXT.matcher(name).replaceAll("\uFFFD");
    String line = text.strip().replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
  }

  public static String of(int label, List<String> classNames) {
    if (label < 0) {
      return "no label";
    }
    return classNames.get(label).isBlank() ? "(class " + label + ")" : classNames.get(label);
  }
}
