package simsiam.mlflow.spool;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.ModelRef;

/** Journal lines about models: an object {@code model}, told apart by its field {@code is}. */
final class ModelLines {
  private static final String MADE = "made";
  private static final String READY = "ready";
  private static final String USED = "used";
  private static final String MEASURED = "measured";

  private ModelLines() {}

  static void write(Entry entry, JsonGenerator json) throws IOException {
    if (entry instanceof Entry.Model model) {
      begin(MADE, json);
      json.writeStringField("name", model.name());
      json.writeStringField("type", model.type());
      json.writeNumberField("step", model.step());
      LineWriter.strings("params", model.params(), json);
      json.writeEndObject();
    } else if (entry instanceof Entry.ModelReady ready) {
      begin(READY, json);
      json.writeStringField("name", ready.name());
      json.writeStringField("register", ready.registration().model());
      json.writeStringField("alias", ready.registration().alias());
      LineWriter.strings("flavor", ready.flavor(), json);
      json.writeEndObject();
    } else if (entry instanceof Entry.ModelInput input) {
      reference(USED, input.model(), json);
    } else if (entry instanceof Entry.ModelMetrics metrics) {
      reference(MEASURED, metrics.model(), json);
      json.writeNumberField("measured", metrics.time());
      LineWriter.metrics(metrics.step(), metrics.values(), json);
    }
  }

  static Entry parse(JsonNode json) throws IOException {
    JsonNode model = json.get("model");
    String name = model.path("name").asText();
    ModelRef reference = new ModelRef(model.path("run").asText(), name);
    return switch (model.path("is").asText()) {
      case MADE ->
          new Entry.Model(
              name,
              model.path("type").asText(),
              model.path("step").longValue(),
              LineParser.strings(model.path("params")));
      case READY ->
          new Entry.ModelReady(
              name,
              LineParser.strings(model.path("flavor")),
              new Registration(model.path("register").asText(), model.path("alias").asText()));
      case USED -> new Entry.ModelInput(reference);
      case MEASURED ->
          new Entry.ModelMetrics(
              reference,
              json.path("measured").longValue(),
              json.path("step").longValue(),
              LineParser.doubles(json.path("metrics")));
      default -> throw new IOException("Cannot read a journal line: expected a model, got " + json);
    };
  }

  private static void begin(String kind, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("model");
    json.writeStringField("is", kind);
  }

  private static void reference(String kind, ModelRef model, JsonGenerator json)
      throws IOException {
    begin(kind, json);
    json.writeStringField("run", model.run());
    json.writeStringField("name", model.name());
    json.writeEndObject();
  }
}
