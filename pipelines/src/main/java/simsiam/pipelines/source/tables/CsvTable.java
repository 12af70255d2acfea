package simsiam.pipelines.source.tables;

import java.util.ArrayList;
import java.util.List;
import simsiam.pipelines.source.listing.SourceProblem;

/** A table of comma-separated values (RFC 4180: quotes double, fields may hold line breaks). */
record CsvTable(List<Row> rows) {
  /** Fields of a row and the line it starts at, from 1. */
  record Row(int line, List<String> fields) {}

  /**
   * Reads a table; blank lines are left out.
   *
   * @param place the file, for messages
   */
  static CsvTable parse(String place, String text) {
    Parser parser = new Parser(place, text);
    List<Row> rows = new ArrayList<>();
    while (parser.more()) {
      Row row = parser.row();
      if (row.fields().size() > 1 || !row.fields().get(0).isEmpty()) {
        rows.add(row);
      }
    }
    return new CsvTable(rows);
  }

  private static final class Parser {
    private final String place;
    private final String text;
    private int at;
    private int line = 1;

    Parser(String place, String text) {
      this.place = place;
      this.text = text;
    }

    boolean more() {
      return at < text.length();
    }

    Row row() {
      int start = line;
      List<String> fields = new ArrayList<>();
      fields.add(field());
      while (more() && text.charAt(at) == ',') {
        at++;
        fields.add(field());
      }
      if (more()) {
        at += text.startsWith("\r\n", at) ? 2 : 1;
        line++;
      }
      return new Row(start, fields);
    }

    private String field() {
      if (more() && text.charAt(at) == '"') {
        return quoted();
      }
      int start = at;
      while (more() && ",\r\n".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at).strip();
    }

    private String quoted() {
      int first = line;
      StringBuilder value = new StringBuilder();
      for (at++; more(); at++) {
        char c = text.charAt(at);
        if (c == '"' && !text.startsWith("\"\"", at)) {
          at++;
          requireEnd();
          return value.toString();
        }
        if (c == '"') {
          at++;
        }
        if (c == '\n') {
          line++;
        }
        value.append(c);
      }
      throw SourceProblem.of("a quote that ends", "none (%s:%s)".formatted(place, first));
    }

    private void requireEnd() {
      if (more() && ",\r\n".indexOf(text.charAt(at)) < 0) {
        throw SourceProblem.of(
            "a comma after a quoted field", "'%s' (%s:%s)".formatted(text.charAt(at), place, line));
      }
    }
  }
}
