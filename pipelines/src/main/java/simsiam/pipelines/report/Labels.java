package simsiam.pipelines.report;

import java.util.List;

/** Names as pictures show them. */
final class Labels {
  private Labels() {}

  /** The name on one line, its end replaced by an ellipsis beyond {@code most} characters. */
  static String shorten(String name, int most) {
    String line = name.strip().replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
  }

  static String of(int label, List<String> classNames) {
    if (label < 0) {
      return "no label";
    }
    return classNames.get(label).isBlank() ? "(class " + label + ")" : classNames.get(label);
  }
}
