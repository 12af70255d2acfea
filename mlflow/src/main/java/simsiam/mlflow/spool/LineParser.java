package simsiam.mlflow.spool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.RunStatus;

/** Reads what {@link LineWriter} wrote. */
final class LineParser {
  private static final ObjectMapper JSON = new ObjectMapper();

  private LineParser() {}

  /**
   * @throws IOException if the bytes are not a journal line, e.g. a block that a power failure left
   *     as zeros
   */
  static Line parse(byte[] line) throws IOException {
    try {
      if (MetricLine.is(line)) {
        return MetricLine.parse(line);
      }
      JsonNode json = JSON.readTree(line);
      if (json == null || !json.path("seq").isNumber() || !json.path("time").isNumber()) {
        throw unreadable(line, null);
      }
      return new Line(json.get("seq").longValue(), json.get("time").longValue(), entry(json, line));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw unreadable(line, e);
    }
  }

  private static Entry entry(JsonNode json, byte[] line) throws IOException {
    if (json.has("model")) {
      return ModelLines.parse(json);
    } else if (json.has("params")) {
      return new Entry.Params(strings(json.get("params")));
    } else if (json.has("tags")) {
      return new Entry.Tags(strings(json.get("tags")));
    } else if (json.has("artifact")) {
      JsonNode artifact = json.get("artifact");
      return new Entry.Artifact(
          artifact.path("file").asText(),
          artifact.path("model").asText(),
          artifact.path("path").asText(),
          artifact.path("size").longValue(),
          artifact.path("modified").longValue(),
          artifact.path("sha256").asText());
    } else if (json.has("dataset")) {
      return new Entry.Dataset(dataset(json.get("dataset")));
    } else if (json.has("start")) {
      JsonNode start = json.get("start");
      return new Entry.Start(
          start.path("uid").asText(),
          start.path("experiment").asText(),
          start.path("name").asText(),
          start.path("parent").asText());
    } else if (json.has("resume")) {
      return new Entry.Resume(json.get("resume").longValue());
    } else if (json.has("end")) {
      return new Entry.End(RunStatus.valueOf(json.get("end").asText()));
    }
    throw unreadable(line, null);
  }

  private static DatasetInput dataset(JsonNode json) {
    return new DatasetInput(
        json.path("name").asText(),
        json.path("digest").asText(),
        json.path("source_type").asText(),
        json.path("source").asText(),
        json.path("schema").asText(),
        json.path("profile").asText(),
        json.path("context").asText());
  }

  static Map<String, Double> doubles(JsonNode json) {
    Map<String, Double> values = new LinkedHashMap<>();
    json.fields()
        .forEachRemaining(
            field -> {
              JsonNode value = field.getValue();
              values.put(
                  field.getKey(),
                  value.isNumber() ? value.doubleValue() : Double.parseDouble(value.asText()));
            });
    return values;
  }

  static Map<String, String> strings(JsonNode json) {
    Map<String, String> values = new LinkedHashMap<>();
    json.fields().forEachRemaining(field -> values.put(field.getKey(), field.getValue().asText()));
    return values;
  }

  static IOException unreadable(byte[] line, Throwable cause) {
    String text = new String(line, 0, Math.min(line.length, 80), StandardCharsets.UTF_8);
    return new IOException("Cannot read a journal line: expected a JSON entry, got " + text, cause);
  }
}
