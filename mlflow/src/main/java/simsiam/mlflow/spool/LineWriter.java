package simsiam.mlflow.spool;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import simsiam.mlflow.DatasetInput;

/**
 * Writes a journal line as JSON. NaN and infinities become strings, as MLflow's REST wants them.
 */
final class LineWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private LineWriter() {}

  static void write(Line line, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeNumberField("seq", line.seq());
      json.writeNumberField("time", line.time());
      body(line.entry(), json);
      json.writeEndObject();
    }
    out.write('\n');
  }

  private static void body(Entry entry, JsonGenerator json) throws IOException {
    if (entry instanceof Entry.Metrics metrics) {
      metrics(metrics.step(), metrics.values(), json);
    } else if (entry instanceof Entry.Params params) {
      strings("params", params.values(), json);
    } else if (entry instanceof Entry.Tags tags) {
      strings("tags", tags.values(), json);
    } else if (entry instanceof Entry.End end) {
      json.writeStringField("end", end.status().name());
    } else if (entry instanceof Entry.Resume resume) {
      json.writeNumberField("resume", resume.pid());
    } else if (entry instanceof Entry.Artifact artifact) {
      artifact(artifact, json);
    } else if (entry instanceof Entry.Dataset dataset) {
      dataset(dataset.input(), json);
    } else if (entry instanceof Entry.Start start) {
      json.writeObjectFieldStart("start");
      json.writeStringField("uid", start.uid());
      json.writeStringField("experiment", start.experiment());
      json.writeStringField("name", start.name());
      json.writeStringField("parent", start.parentUid());
      json.writeEndObject();
    } else {
      ModelLines.write(entry, json);
    }
  }

  static void metrics(long step, Map<String, Double> values, JsonGenerator json)
      throws IOException {
    json.writeNumberField("step", step);
    json.writeObjectFieldStart("metrics");
    for (Map.Entry<String, Double> value : values.entrySet()) {
      json.writeNumberField(value.getKey(), value.getValue().doubleValue());
    }
    json.writeEndObject();
  }

  private static void artifact(Entry.Artifact artifact, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("artifact");
    json.writeStringField("file", artifact.file());
    if (!artifact.model().isEmpty()) {
      json.writeStringField("model", artifact.model());
    }
    json.writeStringField("path", artifact.path());
    json.writeNumberField("size", artifact.size());
    json.writeNumberField("modified", artifact.modified());
    if (!artifact.sha256().isEmpty()) {
      json.writeStringField("sha256", artifact.sha256());
    }
    json.writeEndObject();
  }

  private static void dataset(DatasetInput input, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("dataset");
    json.writeStringField("name", input.name());
    json.writeStringField("digest", input.digest());
    json.writeStringField("source_type", input.sourceType());
    json.writeStringField("source", input.source());
    json.writeStringField("schema", input.schemaJson());
    json.writeStringField("profile", input.profileJson());
    json.writeStringField("context", input.context());
    json.writeEndObject();
  }

  static void strings(String field, Map<String, String> values, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> value : values.entrySet()) {
      json.writeStringField(value.getKey(), value.getValue());
    }
    json.writeEndObject();
  }
}
