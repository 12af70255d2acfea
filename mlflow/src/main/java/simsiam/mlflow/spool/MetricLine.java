package simsiam.mlflow.spool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Journal lines with metrics, nearly all there are: told from others by a look at their bytes, and
 * read without a tree, as they are read while a training needs the processor.
 */
final class MetricLine {
  private static final JsonFactory JSON = new JsonFactory();

  /** The first field after {@code seq} and {@code time}; no other kind of line has it there. */
  private static final String FIELD = "\"step\":";

  private MetricLine() {}

  static boolean is(byte[] line) {
    int commas = 0;
    for (int i = 0; i < line.length - FIELD.length(); i++) {
      if (line[i] == ',' && ++commas == 2) {
        return startsWith(line, i + 1);
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] line, int at) {
    for (int i = 0; i < FIELD.length(); i++) {
      if (line[at + i] != FIELD.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads a line that {@link #is} one.
   *
   * @throws IOException if it is damaged
   */
  static Line parse(byte[] line) throws IOException {
    try (JsonParser json = JSON.createParser(line)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, line);
      long seq = number("seq", json, line);
      long time = number("time", json, line);
      long step = number("step", json, line);
      expect("metrics".equals(json.nextFieldName()), line);
      expect(json.nextToken() == JsonToken.START_OBJECT, line);
      Map<String, Double> values = new LinkedHashMap<>();
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        boolean number = json.nextToken().isNumeric();
        values.put(key, number ? json.getDoubleValue() : Double.parseDouble(json.getText()));
      }
      expect(json.nextToken() == JsonToken.END_OBJECT && json.nextToken() == null, line);
      return new Line(seq, time, new Entry.Metrics(step, values));
    }
  }

  private static long number(String name, JsonParser json, byte[] line) throws IOException {
    expect(name.equals(json.nextFieldName()), line);
    expect(json.nextToken() == JsonToken.VALUE_NUMBER_INT, line);
    return json.getLongValue();
  }

  private static void expect(boolean isSo, byte[] line) throws IOException {
    if (!isSo) {
      throw LineParser.unreadable(line, null);
    }
  }
}
