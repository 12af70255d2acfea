package simsiam.pipelines.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import simsiam.pipelines.result.ResultTable;

/**
 * A table of text, written as Markdown, CSV, LaTeX or HTML; each escapes what would break it.
 *
 * @param rows each as long as the header
 */
public record Table(List<String> header, List<List<String>> rows) {
  /** What makes a spreadsheet take a cell for a formula, also in the full width of East Asia. */
  private static final Pattern FORMULA =
      Pattern.compile("[=+@\\t\\r\\n\\uFF1D\\uFF0B\\uFF0D\\uFF20-]");

  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(\\d+(,\\d{3})*(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?( ?%)?|[+-]?(Infinity|NaN)");

  public Table {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "Cannot make a table: expected %s cells a row, got %s (%s)"
                .formatted(header.size(), row.size(), row));
      }
    }
  }

  static Table of(ResultTable table) {
    return new Table(table.header(), table.rows());
  }

  /** A GitHub-style table. */
  public String toMarkdown() {
    List<String> lines = new ArrayList<>();
    lines.add(markdownRow(header));
    lines.add(header.stream().map(cell -> "---").collect(Collectors.joining(" | ", "| ", " |")));
    rows.forEach(row -> lines.add(markdownRow(row)));
    return String.join("\n", lines) + "\n";
  }

  /**
   * RFC 4180, with lines ended by a line feed. A cell of text that spreadsheets would take for a
   * formula, such as the name of a class, begins with an apostrophe, by which they take it for
   * text; a number stays one.
   */
  public String toCsv() {
    List<List<String>> all = new ArrayList<>();
    all.add(header);
    all.addAll(rows);
    return all.stream()
        .map(row -> row.stream().map(Table::csvCell).collect(Collectors.joining(",")) + "\n")
        .collect(Collectors.joining());
  }

  /** A table element; cells are plain text. */
  String toHtml() {
    String head =
        header.stream()
            .map(cell -> "<th>" + Html.escape(cell) + "</th>")
            .collect(Collectors.joining());
    String body =
        rows.stream()
            .map(
                row ->
                    row.stream()
                        .map(cell -> "<td>" + Html.escape(cell) + "</td>")
                        .collect(Collectors.joining("", "<tr>", "</tr>\n")))
            .collect(Collectors.joining());
    return "<table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + body + "</tbody></table>\n";
  }

  /** A table of LaTeX's booktabs package, to be read by {@code \\input}; text in UTF-8. */
  String toLatex() {
    List<String> lines = new ArrayList<>();
    lines.add("\\begin{tabular}{" + "l".repeat(header.size()) + "}");
    lines.add("\\toprule");
    lines.add(latexRow(header));
    lines.add("\\midrule");
    rows.forEach(row -> lines.add(latexRow(row)));
    lines.add("\\bottomrule");
    lines.add("\\end{tabular}");
    return String.join("\n", lines) + "\n";
  }

  /**
   * Each cell in braces, as one that begins with a bracket would be an option of the line before.
   */
  private static String latexRow(List<String> cells) {
    return cells.stream()
        .map(cell -> "{" + latex(cell) + "}")
        .collect(Collectors.joining(" & ", "", " \\\\"));
  }

  /** Text on one line of LaTeX, of which no character commands anything. */
  static String latex(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\\' -> escaped.append("\\textbackslash{}");
        case '{', '}', '$', '&', '#', '%', '_' -> escaped.append('\\').append(c);
        case '~' -> escaped.append("\\textasciitilde{}");
        case '^' -> escaped.append("\\textasciicircum{}");
        case '<' -> escaped.append("\\textless{}");
        case '>' -> escaped.append("\\textgreater{}");
        case '|' -> escaped.append("\\textbar{}");
        case '"' -> escaped.append("\\textquotedbl{}");
        case '`' -> escaped.append("\\textasciigrave{}");
        case '-' -> escaped.append("{-}"); // two of them would be a dash
        case '±' -> escaped.append("$\\pm$");
        case 'Δ' -> escaped.append("$\\Delta$");
        default -> escaped.append(Character.isISOControl(c) || Character.isWhitespace(c) ? ' ' : c);
      }
    }
    return escaped.toString();
  }

  private static String markdownRow(List<String> cells) {
    return cells.stream().map(Table::markdown).collect(Collectors.joining(" | ", "| ", " |"));
  }

  /** Text on one line of Markdown; Markdown passes HTML through, so that is escaped too. */
  static String markdown(String cell) {
    return cell.replaceAll("[\\\\`\\[\\]|]", "\\\\$0")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replaceAll("\\R", " ");
  }

  private static String csvCell(String text) {
    boolean formula = FORMULA.matcher(text).lookingAt() && !NUMBER.matcher(text).matches();
    String cell = formula ? "'" + text : text;
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : "\"" + cell.replace("\"", "\"\"") + "\"";
  }
}
