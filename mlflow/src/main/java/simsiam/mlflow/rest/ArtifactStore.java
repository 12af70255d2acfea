package simsiam.mlflow.rest;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a run's files go, by the scheme of its artifact root. */
public sealed interface ArtifactStore permits ProxiedArtifacts, FileArtifacts {

  /**
   * Stores a file and makes sure that it arrived whole.
   *
   * @param path below the run's artifact root
   * @throws RejectedException if the store will never take it
   */
  void put(Path file, String path) throws IOException, RejectedException, InterruptedException;

  /**
   * The store for a run's artifact root.
   *
   * @throws RejectedException if it can only be reached with a cloud's own client
   */
  static ArtifactStore of(String artifactUri, Rest rest) throws RejectedException {
    URI uri = URI.create(artifactUri.replace(" ", "%20"));
    String scheme = uri.getScheme() == null ? "file" : uri.getScheme();
    if (scheme.equals("mlflow-artifacts")) {
      return new ProxiedArtifacts(uri, rest);
    } else if (scheme.equals("file")) {
      Path root = Path.of(uri.getPath());
      if (isWritable(root)) {
        return new FileArtifacts(root);
      }
      throw new RejectedException(
          0,
          "",
          "Cannot store artifacts: expected a folder this machine can write, got "
              + artifactUri
              + "; start the server with --serve-artifacts and --artifacts-destination");
    }
    throw new RejectedException(
        0,
        "",
        "Cannot store artifacts: expected an artifact root served by the tracking server, got "
            + artifactUri
            + "; start the server with --serve-artifacts and --artifacts-destination "
            + scheme
            + "://...");
  }

  private static boolean isWritable(Path root) {
    Path there = root;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    // A root made from nothing would be a folder on this machine that the server never sees.
    return there != null && there.getNameCount() > 0 && Files.isWritable(there);
  }
}
