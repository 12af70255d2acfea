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
  static final String IGNORED = "ignored_labels";

  private final Path list;
  private final String label;
  private final List<String> all;

  private ListRows(Path list, String label) {
    this.list = list;
    this.label = label;
    this.all =
        label.equals(ImageList.LABELS)
            ? List.of("path", label, IGNORED, "split")
            : List.of("path", label, "split");
  }

  /**
   * All rows.
   *
   * @param label column of the labels, {@link ImageList#LABEL} or {@link ImageList#LABELS}
   */
  static List<Row> read(Path list, String label) {
    ListRows rows = new ListRows(list, label);
    return list.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")
        ? rows.parquet()
        : rows.csv();
  }

  private List<Row> csv() {
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
              field(header, row.fields(), label),
              field(header, row.fields(), IGNORED),
              field(header, row.fields(), "split"),
              where));
    }
    return rows;
  }

  private static String field(List<String> header, List<String> fields, String column) {
    int at = header.indexOf(column);
    return at < 0 ? "" : fields.get(at);
  }

  private List<Row> parquet() {
    try (ForeignTable table = ForeignTable.open(list)) {
      requireColumns(table.fields(), list.toString());
      List<String> columns = all.stream().filter(table.fields()::contains).toList();
      columns.forEach(column -> requireType(table, column));
      table.requireCodecs(columns);
      List<Row> rows = new ArrayList<>();
      for (int group = 0; group < table.rowGroups(); group++) {
        ForeignTable.Cursor cursor = table.rowGroup(group, columns);
        while (cursor.next()) {
          rows.add(
              new Row(
                  field(cursor, columns, "path"),
                  field(cursor, columns, label),
                  field(cursor, columns, IGNORED),
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

  private void requireType(ForeignTable table, String column) {
    ForeignTable.Kind kind = table.kind(column);
    boolean number = column.equals(label);
    if (kind != ForeignTable.Kind.TEXT && !(number && kind == ForeignTable.Kind.INTEGER)) {
      throw SourceProblem.of(
          "%s in column %s".formatted(number ? "text or whole numbers" : "text", column),
          "%s (%s)".formatted(table.type(column), list));
    }
  }

  /** A column of another case would be overlooked. */
  private void requireColumns(List<String> columns, String where) {
    boolean otherCase =
        columns.stream()
            .map(String::strip)
            .anyMatch(
                column -> !all.contains(column) && all.contains(column.toLowerCase(Locale.ROOT)));
    boolean labels = columns.contains(label) || label.equals(ImageList.LABEL);
    if (!columns.contains("path")
        || !labels
        || otherCase
        || new HashSet<>(columns).size() < columns.size()) {
      throw SourceProblem.of(
          label.equals(ImageList.LABEL)
              ? "columns path and, where known, label and split, each once"
              : "columns path and labels (dataset.label_separator is set) and, where known, ignored_labels and split, each once",
          "%s (%s)".formatted(String.join(", ", columns), where));
    }
  }
}
