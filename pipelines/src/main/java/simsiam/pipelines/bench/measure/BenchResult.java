package simsiam.pipelines.bench.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param subject what was measured, in a sentence
 * @param rows of figures, the same ones in each
 * @param parts of one of the rows, such as kinds of operation, in rows of their own; or none
 * @param notes lines about the rows
 */
public record BenchResult(
    String subject, List<List<Figure>> rows, List<List<Figure>> parts, List<String> notes) {
  public BenchResult {
    rows = rows.stream().map(List::copyOf).toList();
    parts = parts.stream().map(List::copyOf).toList();
    notes = List.copyOf(notes);
  }

  public BenchResult(String subject, List<List<Figure>> rows, List<String> notes) {
    this(subject, rows, List.of(), notes);
  }

  /** For people: each row from title to value. */
  public List<Map<String, Object>> table() {
    return rows.stream().map(BenchResult::shown).toList();
  }

  /** The parts for people, likewise. */
  public List<Map<String, Object>> partsTable() {
    return parts.stream().map(BenchResult::shown).toList();
  }

  /** For machines. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("subject", subject);
    json.put("results", rows.stream().map(BenchResult::values).toList());
    if (!parts.isEmpty()) {
      json.put("parts", parts.stream().map(BenchResult::values).toList());
    }
    json.put("notes", notes);
    return json;
  }

  private static Map<String, Object> shown(List<Figure> row) {
    Map<String, Object> cells = new LinkedHashMap<>();
    row.forEach(figure -> cells.put(figure.title(), figure.shown()));
    return cells;
  }

  private static Map<String, Object> values(List<Figure> row) {
    Map<String, Object> cells = new LinkedHashMap<>();
    row.forEach(figure -> cells.put(figure.name(), figure.value()));
    return cells;
  }
}
