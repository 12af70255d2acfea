package simsiam.pipelines.source.tables;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import simsiam.model.config.Reason;
import simsiam.model.data.table.ForeignTable;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.tables.ImageList.Row;

/** Reads the rows of a list of images. */
final class ListRows {
  private static final List<String> COLUMNS = List.of("path", "label", "split");

  private ListRows() {}

  static List<Row> read(Path list) {
    return list.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")
        ? parquet(list)
        : csv(list);
  }

  private static List<Row> csv(Path list) {
    byte[] content;
    try {
      content = Files.readAllBytes(list);
    } catch (IOException e) {
      throw SourceProblem.of("a list that can be read", Reason.of(e));
    }
    String place = list.toString();
    List<CsvTable.Row> table = CsvTable.parse(place, TextLines.decode(place, content)).rows();
    List<String> header = table.isEmpty() ? List.of() : table.get(0).fields();
    requireColumns(header, place + ":1");
    List<Row> rows = new ArrayList<>();
    for (CsvTable.Row row : table.subList(1, table.size())) {
      String where = place + ":" + row.line();
      if (row.fields().size() != header.size()) {
        throw SourceProblem.of(
            "%s fields, as in the first line".formatted(header.size()),
            "%s (%s)".formatted(row.fields().size(), where));
      }
      rows.add(
          new Row(
              field(header, row.fields(), "path"),
              field(header, row.fields(), "label"),
              field(header, row.fields(), "split"),
              where));
    }
    return rows;
  }

  private static String field(List<String> header, List<String> fields, String column) {
    int at = header.indexOf(column);
    return at < 0 ? "" : fields.get(at);
  }

  private static List<Row> parquet(Path list) {
    try (ForeignTable table = ForeignTable.open(list)) {
      requireColumns(table.fields(), list.toString());
      List<String> columns = COLUMNS.stream().filter(table.fields()::contains).toList();
      columns.forEach(column -> requireType(table, column, list));
      table.requireCodecs(columns);
      List<Row> rows = new ArrayList<>();
      for (int group = 0; group < table.rowGroups(); group++) {
        ForeignTable.Cursor cursor = table.rowGroup(group, columns);
        while (cursor.next()) {
          rows.add(
              new Row(
                  field(cursor, columns, "path"),
                  field(cursor, columns, "label"),
                  field(cursor, columns, "split"),
                  "%s, row %s".formatted(list, rows.size())));
        }
      }
      return rows;
    } catch (IllegalStateException e) {
      throw SourceProblem.of("a Parquet list of images", e.getMessage());
    }
  }

  private static String field(ForeignTable.Cursor cursor, List<String> columns, String column) {
    int at = columns.indexOf(column);
    return at < 0 || cursor.isNull(at) ? "" : cursor.text(at).strip();
  }

  private static void requireType(ForeignTable table, String column, Path list) {
    ForeignTable.Kind kind = table.kind(column);
    boolean label = column.equals("label");
    if (kind != ForeignTable.Kind.TEXT && !(label && kind == ForeignTable.Kind.INTEGER)) {
      throw SourceProblem.of(
          "%s in column %s".formatted(label ? "text or whole numbers" : "text", column),
          "%s (%s)".formatted(table.type(column), list));
    }
  }

  /** A column of another case would be overlooked. */
  private static void requireColumns(List<String> columns, String where) {
    boolean otherCase =
        columns.stream()
            .map(String::strip)
            .anyMatch(
                column ->
                    !COLUMNS.contains(column) && COLUMNS.contains(column.toLowerCase(Locale.ROOT)));
    if (!columns.contains("path") || otherCase || new HashSet<>(columns).size() < columns.size()) {
      throw SourceProblem.of(
          "columns path and, where known, label and split, each once",
          "%s (%s)".formatted(String.join(", ", columns), where));
    }
  }
}
