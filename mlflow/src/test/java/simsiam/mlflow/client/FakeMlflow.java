package simsiam.mlflow.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.ServerAddress;

/**
 * As much of MLflow's REST API as the uploader uses, in memory. Faults are put before it with
 * {@link #fault}; it checks the limits of the real server.
 */
final class FakeMlflow implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the server answers instead of doing its work, or after it. */
  record Reply(int status, String body, boolean workFirst) {
    static Reply of(int status, String body) {
      return new Reply(status, body, false);
    }
  }

  interface Fault {
    Optional<Reply> on(String path, JsonNode body);
  }

  /** A run as the server has it. */
  static final class FakeRun {
    final ObjectNode info = JSON.createObjectNode();
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, String> params = new TreeMap<>();
    final List<String> points = new ArrayList<>();
    final List<String> statuses = new ArrayList<>();
  }

  final Map<String, FakeRun> runs = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  final Map<String, byte[]> artifacts = new TreeMap<>();

  /** Artifact roots of some runs, by uid. */
  final Map<String, String> roots = new TreeMap<>();

  private final HttpServer http;
  private volatile Fault fault = (path, body) -> Optional.empty();

  FakeMlflow() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    http.createContext("/", this::handle);
    http.setExecutor(Executors.newFixedThreadPool(4));
    http.start();
  }

  ServerAddress address() {
    String uri = "http://127.0.0.1:" + http.getAddress().getPort();
    return ServerAddress.of(uri, new Credentials("", "", "secret"));
  }

  void fault(Fault newFault) {
    fault = newFault;
  }

  synchronized FakeRun only() {
    if (runs.size() != 1) {
      throw new AssertionError("expected one run, got " + runs.keySet());
    }
    return runs.values().iterator().next();
  }

  /** The run with a uid. */
  synchronized FakeRun run(String uid) {
    return runs.values().stream()
        .filter(run -> uid.equals(run.tags.get("run.uid")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no run " + uid + " in " + runs.keySet()));
  }

  /** The runs as they are now, for {@link #restore}. */
  synchronized Map<String, FakeRun> copy() {
    return new LinkedHashMap<>(runs);
  }

  synchronized void restore(Map<String, FakeRun> before) {
    runs.clear();
    runs.putAll(before);
  }

  synchronized void loseEverything() {
    runs.clear();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath().replaceFirst("^/api/2.0/", "");
    JsonNode body =
        exchange.getRequestMethod().equals("POST")
            ? JSON.readTree(bytes)
            : JSON.createObjectNode().put("query", exchange.getRequestURI().getQuery());
    Reply reply;
    synchronized (this) {
      calls.add(path);
      Optional<Reply> faulty = fault.on(path, body);
      if (faulty.isPresent() && !faulty.get().workFirst()) {
        reply = faulty.get();
      } else {
        Reply real = answer(path, body, bytes, exchange.getRequestMethod());
        reply = faulty.orElse(real);
      }
    }
    byte[] answer = reply.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private Reply answer(String path, JsonNode body, byte[] bytes, String method) {
    if (path.startsWith("mlflow-artifacts/artifacts/") && method.equals("PUT")) {
      artifacts.put(path.substring("mlflow-artifacts/artifacts/".length()), bytes);
      return Reply.of(200, "");
    }
    return switch (path) {
      case "/health" -> Reply.of(200, "OK");
      case "mlflow/experiments/search" -> Reply.of(200, "{}");
      case "mlflow/experiments/get-by-name" ->
          Reply.of(
              200,
              "{\"experiment\":{\"experiment_id\":\"1\",\"name\":\"e\",\"lifecycle_stage\":\"active\"}}");
      case "mlflow/runs/search" -> search(body);
      case "mlflow/runs/create" -> create(body);
      case "mlflow/runs/get" -> get(body.path("query").asText());
      case "mlflow/runs/delete" -> {
        runs.remove(body.path("run_id").asText());
        yield Reply.of(200, "{}");
      }
      case "mlflow/runs/log-batch" -> logBatch(body, bytes.length);
      case "mlflow/runs/log-model" -> Reply.of(200, "{}");
      case "mlflow/runs/update" -> update(body);
      case "mlflow-artifacts/artifacts" -> list(body.path("query").asText());
      default -> Reply.of(404, "<html>no such page</html>");
    };
  }

  private Reply search(JsonNode body) {
    String uid = body.path("filter").asText().replaceAll(".*= '(.*)'", "$1");
    ArrayNode found = JSON.createArrayNode();
    for (FakeRun run : runs.values()) {
      if (uid.equals(run.tags.get("run.uid"))) {
        found.add(JSON.createObjectNode().set("info", run.info));
      }
    }
    return Reply.of(200, JSON.createObjectNode().set("runs", found).toString());
  }

  private Reply create(JsonNode body) {
    FakeRun run = new FakeRun();
    String id = "r" + (runs.size() + 1) + "-" + calls.size();
    run.info.put("run_id", id).put("experiment_id", "1").put("lifecycle_stage", "active");
    run.info.put("artifact_uri", "mlflow-artifacts:/1/" + id + "/artifacts");
    run.info.put("a_field_of_the_future", 1);
    body.path("tags").forEach(t -> run.tags.put(t.path("key").asText(), t.path("value").asText()));
    Optional.ofNullable(roots.get(run.tags.get("run.uid")))
        .ifPresent(root -> run.info.put("artifact_uri", root));
    runs.put(id, run);
    return Reply.of(200, "{\"run\":{\"info\":" + run.info + "}}");
  }

  private Reply get(String query) {
    FakeRun run = runs.get(query.replaceAll(".*run_id=([^&]*).*", "$1"));
    return run == null ? missing() : Reply.of(200, "{\"run\":{\"info\":" + run.info + "}}");
  }

  private Reply logBatch(JsonNode body, int size) {
    FakeRun run = runs.get(body.path("run_id").asText());
    if (run == null) {
      return missing();
    }
    int metrics = body.path("metrics").size();
    int params = body.path("params").size();
    int tags = body.path("tags").size();
    boolean fits = metrics <= 1000 && params <= 100 && tags <= 100 && size <= 1e6;
    if (!fits || metrics + params + tags > 1000) {
      return rejected("batch over the limits");
    }
    for (JsonNode metric : body.path("metrics")) {
      if (metric.path("key").asText().contains("//")) {
        return rejected("bad metric name");
      }
    }
    body.path("metrics").forEach(metric -> run.points.add(metric.toString()));
    body.path("params")
        .forEach(p -> run.params.put(p.path("key").asText(), p.path("value").asText()));
    body.path("tags").forEach(t -> run.tags.put(t.path("key").asText(), t.path("value").asText()));
    return Reply.of(200, "{}");
  }

  private Reply update(JsonNode body) {
    FakeRun run = runs.get(body.path("run_id").asText());
    if (run == null) {
      return missing();
    }
    run.statuses.add(body.path("status").asText());
    return Reply.of(200, "{}");
  }

  private Reply list(String query) {
    String folder = query.substring("path=".length());
    ObjectNode listing = JSON.createObjectNode();
    ArrayNode files = listing.putArray("files");
    artifacts.forEach(
        (path, bytes) -> {
          if (path.startsWith(folder + "/")) {
            files
                .addObject()
                .put("path", path.substring(folder.length() + 1))
                .put("file_size", bytes.length);
          }
        });
    return Reply.of(200, listing.toString());
  }

  static Reply rejected(String message) {
    return Reply.of(
        400, "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"" + message + "\"}");
  }

  private static Reply missing() {
    return Reply.of(
        404, "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"Run not found\"}");
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
