package simsiam.pipelines.source.tables;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.pipelines.source.listing.SourceProblem;

/**
 * Reads a table of comma-separated values row by row (RFC 4180: quotes double, fields may hold line
 * breaks).
 */
final class CsvTable {
  /** Characters after a quote among which there must be its end: more than a field has. */
  private static final int MOST_QUOTED = 1 << 24;

  private static final int END = -1;

  private final String place;
  private final Reader in;
  private int next;
  private int line = 1;

  /** Fields of a row and the line it starts at, from 1. */
  record Row(int line, List<String> fields) {}

  /**
   * @param place the file, for messages
   */
  CsvTable(String place, Reader in) throws IOException {
    this.place = place;
    this.in = in;
    this.next = in.read();
  }

  /** The next row, if there is one; blank lines are left out. */
  Optional<Row> next() throws IOException {
    while (next != END) {
      Row row = row();
      if (row.fields().size() > 1 || !row.fields().get(0).isEmpty()) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private Row row() throws IOException {
    int start = line;
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (next == ',') {
      advance();
      fields.add(field());
    }
    if (advance() == '\r' && next == '\n') {
      advance();
    }
    line++;
    return new Row(start, fields);
  }

  /** The character before the next one. */
  private int advance() throws IOException {
    int passed = next;
    next = passed == END ? END : in.read();
    return passed;
  }

  private String field() throws IOException {
    if (next == '"') {
      return quoted();
    }
    StringBuilder value = new StringBuilder();
    while (!atEnd()) {
      value.append((char) advance());
    }
    return value.toString().strip();
  }

  private boolean atEnd() {
    return next == ',' || next == '\r' || next == '\n' || next == END;
  }

  private String quoted() throws IOException {
    int first = line;
    StringBuilder value = new StringBuilder();
    advance();
    while (next != END && value.length() < MOST_QUOTED) {
      int c = advance();
      if (c == '"' && next != '"') {
        requireEnd();
        return value.toString();
      }
      if (c == '"') {
        advance();
      }
      if (c == '\n') {
        line++;
      }
      value.append((char) c);
    }
    throw SourceProblem.of("a quote that ends", "none (%s:%s)".formatted(place, first));
  }

  private void requireEnd() {
    if (!atEnd()) {
      throw SourceProblem.of(
          "a comma after a quoted field", "'%s' (%s:%s)".formatted((char) next, place, line));
    }
  }
}
