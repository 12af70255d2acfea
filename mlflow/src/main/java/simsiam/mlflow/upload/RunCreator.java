package simsiam.mlflow.upload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.mlflow.api.proto.Service.CreateRun;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.RemoteRun;
import simsiam.mlflow.rest.Protos;
import simsiam.mlflow.rest.RejectedException;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;

/**
 * Makes a journal's run at the server exactly once. The API's {@code runs/create} makes a new run
 * each time, so every run carries our uid as a tag and is searched for before it is made; a request
 * that died without an answer is remembered, and {@link #removeTwins} deletes what it may have
 * made.
 */
final class RunCreator {
  /** The tag that carries {@link simsiam.mlflow.client.RunRequest#uid}. */
  static final String UID_TAG = "run.uid";

  private static final Logger LOG = LoggerFactory.getLogger(RunCreator.class);

  private final Spool spool;
  private final BlockedRuns blocked;

  RunCreator(Spool spool, BlockedRuns blocked) {
    this.spool = spool;
    this.blocked = blocked;
  }

  /** The run at the server, made if needed; empty if its parent must be made first. */
  Optional<RemoteRun> find(Entry.Start start, long time, Delivery delivery, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    Optional<RemoteRun> known = delivery.run();
    if (known.isPresent()) {
      return known;
    }
    String experiment = connection.queries().experimentId(start.experiment());
    boolean ambiguous = delivery.creatingBefore();
    List<RunInfo> made = connection.queries().runsTagged(experiment, UID_TAG, start.uid());
    Optional<RemoteRun> run;
    if (made.isEmpty()) {
      run = create(start, time, experiment, delivery, connection);
    } else {
      run = Optional.of(remote(made.get(0), ambiguous));
    }
    if (run.isPresent()) {
      RemoteRun found = run.get();
      delivery.created(
          new RemoteRun(found.runId(), found.experimentId(), found.artifactUri(), ambiguous));
    }
    return run;
  }

  private Optional<RemoteRun> create(
      Entry.Start start, long time, String experiment, Delivery delivery, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    CreateRun.Builder request =
        CreateRun.newBuilder()
            .setExperimentId(experiment)
            .setStartTime(time)
            .setRunName(start.name())
            .addTags(tag(UID_TAG, start.uid()))
            .addTags(tag("mlflow.runName", start.name()))
            .addTags(tag("mlflow.source.type", "LOCAL"))
            .addTags(tag("mlflow.source.name", "simsiam"))
            .addTags(tag("mlflow.user", System.getProperty("user.name", "")));
    if (!start.parentUid().isEmpty()) {
      Optional<String> parent = parent(start.parentUid(), experiment, connection);
      if (parent.isPresent()) {
        request.addTags(tag("mlflow.parentRunId", parent.get()));
      } else if (blocked.willBeMade(spool.run(start.parentUid()), connection.server().key())) {
        return Optional.empty();
      } else {
        LOG.warn(
            "Run {} is not nested: its parent {} cannot be had", start.uid(), start.parentUid());
      }
    }
    delivery.creating();
    JsonNode answer = connection.rest().post("2.0/mlflow/runs/create", Protos.print(request));
    RunInfo info = Protos.parse(answer, CreateRun.Response.newBuilder()).getRun().getInfo();
    if (info.getRunId().isEmpty()) {
      throw new IOException("Cannot create a run: expected a run id, got " + answer);
    }
    return Optional.of(remote(info, false));
  }

  /** The parent's id; empty if it was not made. */
  private Optional<String> parent(String uid, String experiment, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    Optional<RemoteRun> sent =
        BlockedRuns.ofOther(spool.run(uid).delivery(connection.server().key())::run);
    if (sent.isPresent()) {
      return sent.map(RemoteRun::runId);
    }
    List<RunInfo> made = connection.queries().runsTagged(experiment, UID_TAG, uid);
    return made.isEmpty() ? Optional.empty() : Optional.of(made.get(0).getRunId());
  }

  /**
   * Deletes further runs with the same uid, which a create request can have made whose answer was
   * lost and which the server carried out late. They are empty: all data goes to the known one.
   */
  void removeTwins(RunFolder folder, Entry.Start start, RemoteRun run, Connection connection)
      throws IOException, RejectedException, InterruptedException {
    if (!run.ambiguousCreate()) {
      return;
    }
    for (RunInfo twin : connection.queries().runsTagged(run.experimentId(), UID_TAG, start.uid())) {
      if (!twin.getRunId().equals(run.runId())) {
        connection
            .rest()
            .post("2.0/mlflow/runs/delete", "{\"run_id\":\"" + twin.getRunId() + "\"}");
      }
    }
    folder
        .delivery(connection.server().key())
        .created(new RemoteRun(run.runId(), run.experimentId(), run.artifactUri(), false));
  }

  private static RemoteRun remote(RunInfo info, boolean ambiguous) {
    return new RemoteRun(info.getRunId(), info.getExperimentId(), info.getArtifactUri(), ambiguous);
  }

  private static RunTag tag(String key, String value) {
    return RunTag.newBuilder().setKey(key).setValue(value).build();
  }
}
