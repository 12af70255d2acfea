package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Requests to a tracking server over {@code java.net.http}.
 *
 * <p>Messages and their JSON form are those of MLflow's Java client ({@link Protos}). Its {@code
 * MlflowClient} is not used: it sets no timeouts, so that a hung server would hang the caller for
 * good; it repeats every failed request three times on its own, so that a run created behind a
 * failing gateway would be created up to three times; it trusts no certificates but Java's own; and
 * it has no PUT, which artifacts need.
 */
public final class Rest {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** How often an upload is looked at. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final String TRUST =
      " (certificates of an authority of your own: MLFLOW_TRACKING_SERVER_CERT_PATH)";

  private final ServerAddress server;
  private final Duration timeout;
  private final HttpClient http;
  private volatile long active = System.nanoTime();

  /**
   * @param timeout the longest an API request may take until its last byte; an upload, the longest
   *     it may go without progress
   * @throws IOException if the certificates to trust cannot be read
   */
  public Rest(ServerAddress server, Duration timeout) throws IOException {
    this.server = server;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // HTTP/1.1: MLflow's server logs a warning for each attempt to upgrade.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL);
    if (server.authority().isPresent()) {
      builder.sslContext(server.authority().get().context());
    }
    this.http = builder.build();
  }

  /** Posts JSON to an API path such as {@code 2.0/mlflow/runs/update}. */
  public JsonNode post(String path, String json)
      throws IOException, RejectedException, InterruptedException {
    return exchange(json("/api/" + path).POST(BodyPublishers.ofString(json)));
  }

  /** Patches JSON at an API path. */
  public JsonNode patch(String path, String json)
      throws IOException, RejectedException, InterruptedException {
    return exchange(json("/api/" + path).method("PATCH", BodyPublishers.ofString(json)));
  }

  /** Gets JSON from an API path. */
  public JsonNode get(String path) throws IOException, RejectedException, InterruptedException {
    return exchange(request("/api/" + path).GET());
  }

  /** Deletes what is at an API path. */
  public void delete(String path) throws IOException, RejectedException, InterruptedException {
    exchange(request("/api/" + path).DELETE());
  }

  /** Streams a file to an API path; its Content-Length is the file's size. */
  public void put(String path, Path file)
      throws IOException, RejectedException, InterruptedException {
    WatchedFile body = new WatchedFile(file);
    active = System.nanoTime();
    HttpRequest.Builder request =
        request("/api/" + path).header("Content-Type", "application/octet-stream").PUT(body);
    CompletableFuture<HttpResponse<String>> reply = send(request);
    while (true) {
      long before = body.sent();
      try {
        Answer.checkStatus(await(reply, LOOK.compareTo(timeout) < 0 ? LOOK : timeout));
        return;
      } catch (TimeoutException e) {
        if (body.sent() != before) {
          active = System.nanoTime();
        } else if (System.nanoTime() - active > timeout.toNanos()) {
          reply.cancel(true);
          throw stalled("upload of " + file.getFileName(), e);
        }
      }
    }
  }

  /** When the server last answered, or took a part of a file, as {@link System#nanoTime}. */
  public long active() {
    return active;
  }

  /**
   * Returns if the server, or a proxy before it, answers at all.
   *
   * @throws HttpTimeoutException if it does not in time
   * @throws IOException if it cannot be reached, or answers with 5xx
   */
  public void probe() throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> reply = send(request("/health").GET());
    try {
      HttpResponse<String> response = await(reply, timeout);
      if (response.statusCode() / 100 == 5) {
        throw new UnavailableException("HTTP " + response.statusCode() + " from /health");
      }
    } catch (TimeoutException e) {
      reply.cancel(true);
      throw stalled("/health", e);
    }
  }

  /**
   * Returns if MLflow's API answers this client.
   *
   * @throws IOException if it does not: wrong credentials, a server of another kind, ...
   */
  public void probeApi() throws IOException, InterruptedException {
    try {
      get("2.0/mlflow/experiments/search?max_results=1");
    } catch (RejectedException e) {
      throw new UnavailableException("The server refuses a search: " + e.getMessage());
    }
  }

  /** The server asked. */
  public ServerAddress server() {
    return server;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path));
    server.credentials().header().ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private HttpRequest.Builder json(String path) {
    return request(path).header("Content-Type", "application/json");
  }

  private JsonNode exchange(HttpRequest.Builder request)
      throws IOException, RejectedException, InterruptedException {
    CompletableFuture<HttpResponse<String>> reply = send(request);
    try {
      return Answer.check(await(reply, timeout));
    } catch (TimeoutException e) {
      reply.cancel(true);
      throw stalled(request.build().uri().getPath(), e);
    }
  }

  private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
    // Asynchronous, because a request's own timeout ends with the headers: a body that stops
    // half-way would hang.
    return http.sendAsync(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> await(CompletableFuture<HttpResponse<String>> reply, Duration limit)
      throws IOException, InterruptedException, TimeoutException {
    try {
      HttpResponse<String> response = reply.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      active = System.nanoTime();
      return response;
    } catch (ExecutionException e) {
      String hint = e.getCause() instanceof SSLException ? TRUST : "";
      throw new UnavailableException(
          "Cannot reach " + server.uri() + ": " + problem(e.getCause()) + hint, e.getCause());
    } catch (InterruptedException e) {
      reply.cancel(true);
      throw e;
    }
  }

  private IOException stalled(String what, TimeoutException cause) {
    HttpTimeoutException stalled =
        new HttpTimeoutException(
            "No answer from %s within %s s (%s)"
                .formatted(server.uri(), timeout.toSeconds(), what));
    stalled.initCause(cause);
    return stalled;
  }

  /** What the network says, in words: names of classes mean nothing to those who read it. */
  private static String problem(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof UnknownHostException
        || failure.getCause() instanceof UnresolvedAddressException) {
      return "no host of that name";
    }
    if (message == null || message.isBlank()) {
      return failure instanceof ConnectException
          ? "no server listens there"
          : "the connection broke";
    }
    return message;
  }
}
