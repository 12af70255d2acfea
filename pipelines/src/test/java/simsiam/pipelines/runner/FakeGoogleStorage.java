package simsiam.pipelines.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** As much of Google Cloud Storage as staging a job takes: a bucket that takes uploads. */
final class FakeGoogleStorage implements AutoCloseable {
  private static final String BUCKET =
      "{\"kind\":\"storage#bucket\",\"name\":\"bucket\",\"projectNumber\":\"1\"}";

  private final HttpServer server;
  private final List<String> uploads = new CopyOnWriteArrayList<>();

  FakeGoogleStorage() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/storage/v1/b/bucket", exchange -> answer(exchange, 200, BUCKET));
    server.createContext(
        "/storage/v1/b/bucket/o/", exchange -> answer(exchange, 404, "{\"error\":{\"code\":404}}"));
    server.createContext("/upload/storage/v1/b/bucket/o", this::upload);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:%s/storage/v1/".formatted(server.getAddress().getPort());
  }

  /** Names of the objects, in the order they came. */
  List<String> uploads() {
    return List.copyOf(uploads);
  }

  private void upload(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("POST")) {
      exchange
          .getResponseHeaders()
          .add(
              "Location",
              "http://127.0.0.1:%s%s&upload_id=1"
                  .formatted(server.getAddress().getPort(), exchange.getRequestURI()));
      answer(exchange, 200, "");
      return;
    }
    String name = exchange.getRequestURI().getQuery().replaceFirst(".*\\bname=([^&]*).*", "$1");
    int bytes = exchange.getRequestBody().readAllBytes().length;
    uploads.add(name);
    answer(
        exchange,
        200,
        "{\"kind\":\"storage#object\",\"bucket\":\"bucket\",\"name\":\"%s\",\"size\":\"%s\",\"generation\":\"1\"}"
            .formatted(name, bytes));
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
