package simsiam.pipelines.source.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.model.config.InvalidConfigException;

/** Tables read by characters beside the same text taken apart whole. */
class CsvTableTest {
  private static final String CHARACTERS = "ab,,,\"\"\"\"\n\n\r \u00e9";

  private static List<String> read(String text) throws IOException {
    List<String> rows = new ArrayList<>();
    try {
      CsvTable table = new CsvTable("t.csv", new StringReader(text));
      for (Optional<CsvTable.Row> row = table.next(); row.isPresent(); row = table.next()) {
        rows.add(row.get().line() + " " + row.get().fields());
      }
    } catch (InvalidConfigException e) {
      rows.add(e.getMessage());
    }
    return rows;
  }

  /** Rows by a search for ends of fields in the whole text, or what is wrong after them. */
  private static List<String> whole(String text) {
    List<String> rows = new ArrayList<>();
    int at = 0;
    int line = 1;
    while (at < text.length()) {
      int start = line;
      List<String> fields = new ArrayList<>();
      boolean more = true;
      while (more) {
        int end = at;
        String value;
        if (text.startsWith("\"", at)) {
          end = text.substring(at + 1).replace("\"\"", "__").indexOf('"');
          if (end < 0) {
            rows.add(
                "Invalid dataset.path: expected a quote that ends, got none (t.csv:%s)"
                    .formatted(line));
            return rows;
          }
          end += at + 1;
          value = text.substring(at + 1, end).replace("\"\"", "\"");
          line += (int) value.chars().filter(c -> c == '\n').count();
          end++;
          if (end < text.length() && ",\r\n".indexOf(text.charAt(end)) < 0) {
            rows.add(
                "Invalid dataset.path: expected a comma after a quoted field, got '%s' (t.csv:%s)"
                    .formatted(text.charAt(end), line));
            return rows;
          }
        } else {
          while (end < text.length() && ",\r\n".indexOf(text.charAt(end)) < 0) {
            end++;
          }
          value = text.substring(at, end).strip();
        }
        fields.add(value);
        more = end < text.length() && text.charAt(end) == ',';
        at = more ? end + 1 : end;
      }
      at += text.startsWith("\r\n", at) ? 2 : 1;
      line++;
      if (!fields.equals(List.of(""))) {
        rows.add(start + " " + fields);
      }
    }
    return rows;
  }

  @Test
  void isTheTextTakenApart() throws IOException {
    Random random = new Random(1);
    int wrong = 0;
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(16); i >= 0; i--) {
        text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
      }
      List<String> rows = read(text.toString());
      assertThat(rows).as("%s", text).isEqualTo(whole(text.toString()));
      wrong += rows.toString().contains("Invalid") ? 1 : 0;
    }
    assertThat(wrong).isBetween(2_000, 18_000);
  }

  /** The rest of a long list is not gathered for a quote that was forgotten. */
  @Test
  void aQuoteMustEndSomewhere() throws IOException {
    String text = "path\n\"a.png\n" + "b.png\n".repeat(3_000_000) + "\"";

    assertThat(read(text))
        .containsExactly(
            "1 [path]", "Invalid dataset.path: expected a quote that ends, got none (t.csv:2)");
  }
}
