package simsiam.mlflow.upload;

import java.io.IOException;
import java.util.List;
import org.mlflow.api.proto.Service.LogBatch;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.spool.Delivery;

/**
 * Sends a batch; of one that is refused it finds the guilty part by halving, so that one bad value
 * takes no other with it into quarantine. Halves are sent in order, and sending a part twice
 * changes nothing: key, value, time and step of each point are fixed.
 */
record BatchSender(Rest rest, Delivery delivery, String runId) {

  private static final String DELETED = "must be in the 'active' state";

  /**
   * @throws RejectedException if the run itself is unknown to the server, or deleted
   */
  void send(List<Atom> atoms) throws IOException, RejectedException, InterruptedException {
    LogBatch.Builder batch = LogBatch.newBuilder().setRunId(runId);
    atoms.forEach(atom -> atom.addTo(batch));
    try {
      rest.post("2.0/mlflow/runs/log-batch", Protos.print(batch));
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
}
