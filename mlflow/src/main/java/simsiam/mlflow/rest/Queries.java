package simsiam.mlflow.rest;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mlflow.api.proto.Service.Experiment;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * Questions to the server through {@link MlflowClient}, which all may be asked twice without harm.
 * The client has no timeouts: each call runs on a thread of its own, and one that misses its
 * deadline is ended by closing the client's connections.
 */
public final class Queries implements Closeable {
  private final ServerAddress server;
  private final Duration timeout;
  private volatile MlflowClient client;

  public Queries(ServerAddress server, Duration timeout) {
    this.server = server;
    this.timeout = timeout;
    this.client = connect();
  }

  /**
   * The experiment's id; it is made if it does not exist, and restored if it was deleted, since
   * MLflow keeps the names of deleted experiments taken.
   */
  public String experimentId(String name)
      throws IOException, RejectedException, InterruptedException {
    Optional<Experiment> known = ask(() -> client.getExperimentByName(name));
    if (known.isPresent()) {
      String id = known.get().getExperimentId();
      if (known.get().getLifecycleStage().equals("deleted")) {
        ask(
            () -> {
              client.restoreExperiment(id);
              return id;
            });
      }
      return id;
    }
    return ask(
        () -> {
          String id = client.createExperiment(name);
          client.setExperimentTag(id, "mlflow.experimentKind", "custom_model_development");
          return id;
        });
  }

  /** Runs with a tag, oldest first. */
  public List<RunInfo> runsTagged(String experimentId, String key, String value)
      throws IOException, RejectedException, InterruptedException {
    String filter = "tags.`" + key + "` = '" + value + "'";
    return ask(
            () ->
                new ArrayList<>(
                    client
                        .searchRuns(
                            List.of(experimentId),
                            filter,
                            ViewType.ACTIVE_ONLY,
                            100,
                            List.of("attributes.start_time ASC"))
                        .getItems()))
        .stream()
        .map(Run::getInfo)
        .toList();
  }

  /** A run's state, or empty if the server does not know it. */
  public Optional<RunInfo> run(String runId)
      throws IOException, RejectedException, InterruptedException {
    try {
      return Optional.of(ask(() -> client.getRun(runId).getInfo()));
    } catch (RejectedException e) {
      if (e.isMissing() || e.status() == 404) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private <T> T ask(Callable<T> question)
      throws IOException, RejectedException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(question);
    Thread thread = new Thread(task, "mlflow-query");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      reconnect();
      throw new IOException(
          "No answer within " + timeout.toSeconds() + " s from " + server.uri(), e);
    } catch (ExecutionException e) {
      throw explain(e.getCause());
    } catch (InterruptedException e) {
      reconnect();
      throw e;
    }
  }

  private IOException explain(Throwable cause) throws RejectedException {
    if (cause instanceof MlflowHttpException http) {
      boolean passing =
          http.getStatusCode() / 100 != 4 || List.of(408, 425, 429).contains(http.getStatusCode());
      String body = String.valueOf(http.getBodyMessage());
      if (http.getStatusCode() == 401 || http.getStatusCode() == 403) {
        return new UnavailableException(
            "HTTP " + http.getStatusCode() + ": " + Answer.denied(server.uri(), body));
      }
      if (!passing && body.contains("error_code")) {
        String code = body.contains("RESOURCE_DOES_NOT_EXIST") ? "RESOURCE_DOES_NOT_EXIST" : "";
        throw new RejectedException(http.getStatusCode(), code, body);
      }
      return new UnavailableException("HTTP " + http.getStatusCode() + ": " + body);
    } else if (cause instanceof MlflowClientException) {
      return new IOException(cause.getMessage(), cause);
    }
    return new IOException(cause.toString(), cause);
  }

  private MlflowClient connect() {
    Credentials credentials = server.credentials();
    String uri = server.uri().toString();
    if (!credentials.token().isEmpty()) {
      return new MlflowClient(new BasicMlflowHostCreds(uri, credentials.token()));
    } else if (!credentials.user().isEmpty()) {
      return new MlflowClient(
          new BasicMlflowHostCreds(uri, credentials.user(), credentials.password()));
    }
    return new MlflowClient(new BasicMlflowHostCreds(uri));
  }

  private void reconnect() {
    client.close();
    client = connect();
  }

  @Override
  public void close() {
    client.close();
  }
}
