package simsiam.mlflow.upload;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.mlflow.api.proto.Service.LogBatch;
import org.mlflow.api.proto.Service.RunTag;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RemoteModel;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.Models;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.Line;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/** Ties a run to models that other runs made. */
record ModelUse(
    Spool spool, BlockedRuns blocked, RemoteRun run, RunFolder folder, Connection connection) {
  /** What a run shows at a server that knows no models. */
  private static final String TAG = "input.model";

  /**
   * Notes the run's input.
   *
   * @return false if the model must be made first
   */
  boolean input(Entry.ModelInput input)
      throws IOException, RejectedException, InterruptedException {
    if (mustWait(input.model())) {
      return false;
    }
    Optional<RemoteModel> model = find(input.model());
    if (model.isPresent() && !model.get().modelId().isEmpty()) {
      new Models(connection.rest(), connection.queries()).input(run, model.get());
    } else {
      tag(model.map(RemoteModel::artifactUri).orElse(input.model().uid()));
    }
    return true;
  }

  /**
   * Logs the run's figures, as figures of the model too where the server knows it.
   *
   * @return false if the model must be made first
   */
  boolean measure(Entry.ModelMetrics metrics, Line line, int bytes)
      throws IOException, RejectedException, InterruptedException {
    if (mustWait(metrics.model())) {
      return false;
    }
    Optional<RemoteModel> model = find(metrics.model()).filter(found -> !found.modelId().isEmpty());
    if (model.isPresent()) {
      new Models(connection.rest(), connection.queries())
          .measure(run, model.get(), metrics.time(), metrics.step(), metrics.values());
      return true;
    }
    Line plain =
        new Line(line.seq(), metrics.time(), new Entry.Metrics(metrics.step(), metrics.values()));
    Batch batch = new Batch();
    batch.offer(plain, bytes);
    new BatchSender(connection.rest(), delivery(folder), run.runId()).send(batch.atoms());
    return true;
  }

  private Delivery delivery(RunFolder of) {
    return of.delivery(connection.server().key());
  }

  private Optional<RemoteModel> made(ModelRef model) {
    return BlockedRuns.ofOther(() -> delivery(spool.run(model.run())).model(model.name()));
  }

  /** Whether the run that makes the model is still to be sent from this spool. */
  private boolean mustWait(ModelRef model) {
    RunFolder maker = spool.run(model.run());
    return !maker.equals(folder)
        && blocked.willBeMade(maker, connection.server().key())
        && made(model).isEmpty();
  }

  private Optional<RemoteModel> find(ModelRef model)
      throws IOException, RejectedException, InterruptedException {
    Optional<RemoteModel> made = made(model);
    if (made.isPresent() || !connection.features().hasModels(run.experimentId())) {
      return made;
    }
    List<RemoteModel> found =
        new Models(connection.rest(), connection.queries()).find(run.experimentId(), model.uid());
    return found.stream().findFirst();
  }

  private void tag(String value) throws IOException, RejectedException, InterruptedException {
    LogBatch request =
        LogBatch.newBuilder()
            .setRunId(run.runId())
            .addTags(RunTag.newBuilder().setKey(TAG).setValue(value))
            .build();
    connection.rest().post("2.0/mlflow/runs/log-batch", Protos.print(request));
  }
}
