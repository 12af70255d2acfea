package simsiam.mlflow.upload;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import simsiam.mlflow.spool.Line;

/** The smallest thing a server can accept or refuse, with the line it came from. */
sealed interface Atom {
  Line line();

  /** Writes it as {@code log-batch} wants it in the list of its kind. */
  void writeTo(JsonGenerator json) throws IOException;

  /** Shown in the quarantine. */
  String describe();

  record MetricAtom(Line line, long step, String key, double value) implements Atom {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("key", key);
      json.writeNumberField("value", value); // NaN and infinities become strings
      json.writeNumberField("timestamp", line.time());
      json.writeNumberField("step", step);
      json.writeEndObject();
    }

    @Override
    public String describe() {
      return "metric " + key + " = " + value + " at " + step;
    }
  }

  record ParamAtom(Line line, String key, String value) implements Atom {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
      pair(json, key, value);
    }

    @Override
    public String describe() {
      return "param " + key + " = " + value;
    }
  }

  record TagAtom(Line line, String key, String value) implements Atom {
    @Override
    public void writeTo(JsonGenerator json) throws IOException {
      pair(json, key, value);
    }

    @Override
    public String describe() {
      return "tag " + key + " = " + value;
    }
  }

  private static void pair(JsonGenerator json, String key, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", key);
    json.writeStringField("value", value);
    json.writeEndObject();
  }
}
