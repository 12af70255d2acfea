package simsiam.pipelines.result;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A table of text. The first column names the rows: tables of one name from several stages are
 * shown as one, see {@link #joined}.
 *
 * @param name of its file, without ending
 * @param title one line that says what it shows
 * @param rows each as long as the header
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ResultTable(String name, String title, List<String> header, List<List<String>> rows) {
  public ResultTable {
    header = List.copyOf(header);
    rows = rows.stream().map(List::copyOf).toList();
    for (List<String> row : rows) {
      if (row.size() != header.size()) {
        throw new IllegalArgumentException(
            "Cannot make table %s: expected %s cells a row, got %s (%s)"
                .formatted(name, header.size(), row.size(), row));
      }
    }
  }

  /** This table with the columns of the other that it lacks; both have the same rows in order. */
  ResultTable joined(ResultTable other) {
    if (rows.size() != other.rows.size()) {
      throw new IllegalArgumentException(
          "Cannot join tables %s: expected %s rows, got %s"
              .formatted(name, rows.size(), other.rows.size()));
    }
    List<String> allHeads = new ArrayList<>(header);
    List<List<String>> allRows = new ArrayList<>();
    rows.forEach(row -> allRows.add(new ArrayList<>(row)));
    for (int column = 0; column < other.header.size(); column++) {
      if (!header.contains(other.header.get(column))) {
        allHeads.add(other.header.get(column));
        for (int row = 0; row < allRows.size(); row++) {
          allRows.get(row).add(other.rows.get(row).get(column));
        }
      }
    }
    return new ResultTable(name, title, allHeads, allRows);
  }

  /** Tables in the order they come, those of one name joined. */
  static List<ResultTable> joined(List<ResultTable> tables) {
    Map<String, ResultTable> byName = new LinkedHashMap<>();
    tables.forEach(table -> byName.merge(table.name(), table, ResultTable::joined));
    return List.copyOf(byName.values());
  }
}
