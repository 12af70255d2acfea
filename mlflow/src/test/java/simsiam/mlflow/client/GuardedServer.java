package simsiam.mlflow.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import simsiam.mlflow.rest.ServerAddress;

/**
 * What stands before servers in companies: TLS, a path prefix, and a password or token without
 * which nothing passes.
 */
final class GuardedServer implements AutoCloseable {
  private static final String PREFIX = "/team/mlflow";

  private final URI target;
  private final String authorization;
  private final HttpsServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  GuardedServer(ServerAddress target, SSLContext tls, String authorization) throws IOException {
    this.target = target.uri();
    this.authorization = authorization;
    this.server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
  }

  String uri() {
    return "https://127.0.0.1:" + server.getAddress().getPort() + PREFIX;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    if (!path.startsWith(PREFIX + "/")) {
      reply(exchange, 404, "not here".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } else if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      reply(exchange, 401, "who are you?".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    } else {
      forward(exchange, path.substring(PREFIX.length()));
    }
  }

  private void forward(HttpExchange exchange, String path) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + path))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type != null) {
      request.header("Content-Type", type);
    }
    try {
      HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
      reply(exchange, answer.statusCode(), answer.body());
    } catch (IOException e) {
      reply(exchange, 502, new byte[0]);
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
