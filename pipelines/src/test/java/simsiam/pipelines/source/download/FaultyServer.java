package simsiam.pipelines.source.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An HTTP server that serves one file and misbehaves as told. */
final class FaultyServer implements AutoCloseable {
  private final HttpServer server;
  private final byte[] content;
  private final List<String> ranges = new ArrayList<>();

  /** Bytes after which the next replies break off; then replies are whole. */
  final List<Integer> breakAfter = new ArrayList<>();

  boolean supportsRange = true;
  int status = 200;

  FaultyServer(byte[] content) {
    this.content = content;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::reply);
    server.start();
  }

  String base() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** The Range header of each request, or "none". */
  synchronized List<String> ranges() {
    return List.copyOf(ranges);
  }

  private synchronized void reply(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "none" : range);
    int from = 0;
    int code = status;
    if (range != null && supportsRange) {
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
      code = 206;
    }
    if (status != 200) {
      exchange.sendResponseHeaders(status, -1);
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(code, content.length - from);
    int length = content.length - from;
    if (!breakAfter.isEmpty()) {
      length = Math.min(length, breakAfter.remove(0));
    }
    exchange.getResponseBody().write(content, from, length);
    exchange.getResponseBody().flush();
    // Closing before the announced length cuts the connection.
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
