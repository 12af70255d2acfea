package simsiam.mlflow.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Artifacts through the tracking server's proxy ({@code PUT
 * api/2.0/mlflow-artifacts/artifacts/...}). The file is streamed, and its size compared with the
 * server's listing afterwards.
 */
final class ProxiedArtifacts implements ArtifactStore {
  private static final String API = "2.0/mlflow-artifacts/artifacts";

  private final String root;
  private final Rest rest;

  /**
   * @param uri {@code mlflow-artifacts:/path} or {@code mlflow-artifacts://host:port/path}
   */
  ProxiedArtifacts(URI uri, Rest rest) {
    this.root = uri.getPath().replaceAll("^/+|/+$", "");
    this.rest = rest;
  }

  @Override
  public void put(Path file, String path)
      throws IOException, RejectedException, InterruptedException {
    String full = root + "/" + path;
    rest.put(API + "/" + encode(full), file);
    verify(full, Files.size(file));
  }

  private void verify(String full, long size)
      throws IOException, RejectedException, InterruptedException {
    int slash = full.lastIndexOf('/');
    String folder = full.substring(0, slash);
    String name = full.substring(slash + 1);
    JsonNode listing = rest.get(API + "?path=" + URLEncoder.encode(folder, StandardCharsets.UTF_8));
    for (JsonNode file : listing.path("files")) {
      if (file.path("path").asText().equals(name) && file.path("file_size").asLong() == size) {
        return;
      }
    }
    throw new UnavailableException(
        "Artifact "
            + full
            + " of "
            + size
            + " bytes is not listed with this size after its upload");
  }

  private static String encode(String path) {
    return Arrays.stream(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }
}
