package simsiam.pipelines.source.tables;

import java.io.BufferedReader;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.model.config.Reason;
import simsiam.model.data.table.ForeignTable;
import simsiam.model.file.Utf8Text;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.source.listing.TextLines;
import simsiam.pipelines.source.tables.ImageList.Row;
import simsiam.pipelines.spool.SpooledList;
import simsiam.pipelines.spool.TextForm;

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
  static SpooledList<Row> read(Path list, String label) {
    ListRows rows = new ListRows(list, label);
    return list.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")
        ? rows.parquet()
        : rows.csv();
  }

  private SpooledList<Row> csv() {
    String place = list.toString();
    try (Reader in = new BufferedReader(Utf8Text.reader(Files.newInputStream(list)))) {
      return csv(place, new CsvTable(place, in));
    } catch (Utf8Text.MalformedException e) {
      throw TextLines.malformed(place, e);
    } catch (IOException e) {
      throw SourceProblem.of("a list that can be read", Reason.of(e));
    }
  }

  private SpooledList<Row> csv(String place, CsvTable table) throws IOException {
    List<String> header = table.next().map(CsvTable.Row::fields).orElse(List.of());
    requireColumns(header, place + ":1");
    SpooledList.Builder<Row> rows = SpooledList.builder(new RowForm(place));
    for (Optional<CsvTable.Row> next = table.next(); next.isPresent(); next = table.next()) {
      CsvTable.Row row = next.get();
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
    return rows.build();
  }

  /**
   * How rows are kept.
   *
   * @param list which their places begin with
   */
  private record RowForm(String list) implements SpooledList.Form<Row> {
    @Override
    public void write(Row row, DataOutput out) throws IOException {
      TextForm.TEXT.write(row.path(), out);
      TextForm.TEXT.write(row.label(), out);
      TextForm.TEXT.write(row.ignored(), out);
      TextForm.TEXT.write(row.split(), out);
      TextForm.TEXT.write(row.place().substring(list.length()), out);
    }

    @Override
    public Row read(DataInput in) throws IOException {
      return new Row(
          TextForm.TEXT.read(in),
          TextForm.TEXT.read(in),
          TextForm.TEXT.read(in),
          TextForm.TEXT.read(in),
          list + TextForm.TEXT.read(in));
    }
  }

  private static String field(List<String> header, List<String> fields, String column) {
    int at = header.indexOf(column);
    return at < 0 ? "" : fields.get(at);
  }

  private SpooledList<Row> parquet() {
    try (ForeignTable table = ForeignTable.open(list)) {
      requireColumns(table.fields(), list.toString());
      List<String> columns = all.stream().filter(table.fields()::contains).toList();
      columns.forEach(column -> requireType(table, column));
      table.requireCodecs(columns);
      SpooledList.Builder<Row> rows = SpooledList.builder(new RowForm(list.toString()));
      long row = 0;
      for (int group = 0; group < table.rowGroups(); group++) {
        ForeignTable.Cursor cursor = table.rowGroup(group, columns);
        while (cursor.next()) {
          rows.add(
              new Row(
                  field(cursor, columns, "path"),
                  field(cursor, columns, label),
                  field(cursor, columns, IGNORED),
                  field(cursor, columns, "split"),
                  "%s, row %s".formatted(list, row++)));
        }
      }
      return rows.build();
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
