package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.beam.BeamOptions;

/** Pages as Google's storage gives them: one of them is empty, which is not the end. */
@Tag("gcs")
class GcsListingTest {
  private static final String OBJECT =
      """
      {"bucket": "set", "name": "%s", "size": "%s", "updated": "2024-05-06T07:08:09.123Z",
       "md5Hash": "CY9rzUYh03PK3k6DJie09g=="}""";
  private static final Map<String, String> PAGES =
      Map.of(
          "",
          "{\"items\": [%s, %s], \"nextPageToken\": \"second\"}"
              .formatted(OBJECT.formatted("a/", 0), OBJECT.formatted("a/cat/1.jpg", 11)),
          "second",
          "{\"nextPageToken\": \"third\"}",
          "third",
          "{\"items\": [%s]}".formatted(OBJECT.formatted("a/dog/2.jpg", 22)));

  private final List<String> asked = new CopyOnWriteArrayList<>();

  private void answer(HttpExchange exchange) throws IOException {
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    boolean list = exchange.getRequestURI().getPath().endsWith("/b/set/o");
    byte[] body =
        (list ? PAGES.get(query.replaceFirst("^(.*pageToken=([a-z]+).*|.*)$", "$2")) : "{}")
            .getBytes(StandardCharsets.UTF_8);
    asked.add(list ? query : "");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(list ? 200 : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void allPagesAreTakenWithTheStoresVersions() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    try {
      StoreOptions.use(
          BeamOptions.parse(
              List.of(
                  "--gcsEndpoint=http://127.0.0.1:%s/storage/v1/"
                      .formatted(server.getAddress().getPort()),
                  "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory")));
      Path set = Places.path("gs://set/a");
      try (Stream<Path> tree = Files.walk(set)) {
        assertThat(tree.filter(Files::isRegularFile))
            .containsExactly(set.resolve("cat/1.jpg"), set.resolve("dog/2.jpg"));
      }
      RemotePath file = (RemotePath) set.resolve("dog/2.jpg");
      assertThat(file.getFileSystem().listings().attributes(file))
          .isEqualTo(
              new RemoteAttributes(22, 1_714_979_289_123L, "CY9rzUYh03PK3k6DJie09g==", false));
      assertThat(asked.stream().filter(query -> query.contains("prefix=a/"))).hasSize(3);
    } finally {
      server.stop(0);
    }
  }
}
