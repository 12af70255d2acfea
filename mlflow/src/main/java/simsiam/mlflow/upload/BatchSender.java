package simsiam.mlflow.upload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.spool.Delivery;

/**
 * Sends a batch; of one that is refused it finds the guilty part by halving, so that one bad value
 * takes no other with it into quarantine. Halves are sent in order, and sending a part twice
 * changes nothing: key, value, time and step of each point are fixed.
 */
record BatchSender(Rest rest, Delivery delivery, String runId) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String DELETED = "must be in the 'active' state";

  /**
   * @throws RejectedException if the run itself is unknown to the server, or deleted
   */
  void send(List<Atom> atoms) throws IOException, RejectedException, InterruptedException {
    try {
      rest.post("2.0/mlflow/runs/log-batch", json(atoms));
    } catch (RejectedException e) {
      if (e.isMissing() || e.getMessage().contains(DELETED)) {
        throw e; // The run's fault, not that of a value in it.
      } else if (atoms.size() == 1) {
        delivery.quarantine(atoms.get(0).line(), atoms.get(0).describe(), e.getMessage());
      } else {
        send(atoms.subList(0, atoms.size() / 2));
        send(atoms.subList(atoms.size() / 2, atoms.size()));
      }
    }
  }

  /** Written by hand, as through MLflow's messages it takes most of the time of sending. */
  private String json(List<Atom> atoms) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("run_id", runId);
      list(json, "metrics", Atom.MetricAtom.class, atoms);
      list(json, "params", Atom.ParamAtom.class, atoms);
      list(json, "tags", Atom.TagAtom.class, atoms);
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void list(
      JsonGenerator json, String name, Class<? extends Atom> kind, List<Atom> atoms)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Atom atom : atoms) {
      if (kind.isInstance(atom)) {
        atom.writeTo(json);
      }
    }
    json.writeEndArray();
  }
}
