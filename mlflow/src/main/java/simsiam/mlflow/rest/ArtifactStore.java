package simsiam.mlflow.rest;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a run's files go, by the scheme of its artifact root. */
public sealed interface ArtifactStore permits ProxiedArtifacts, FileArtifacts {
  /** What to do about a root that cannot be reached from here. */
  String SERVED = "; start the server with --serve-artifacts and --artifacts-destination";

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
   * @throws RejectedException if it can only be reached with a cloud's own client, or is no address
   */
  static ArtifactStore of(String artifactUri, Rest rest) throws RejectedException {
    URI uri = parse(artifactUri);
    String scheme = uri.getScheme() == null ? "file" : uri.getScheme();
    if (uri.getPath() == null || uri.getPath().isEmpty()) {
      throw refused("an artifact root with a path", shown(uri), "");
    } else if (scheme.equals("mlflow-artifacts")) {
      return new ProxiedArtifacts(uri, rest);
    } else if (scheme.equals("file")) {
      Path root = Path.of(uri.getPath());
      if (isWritable(root)) {
        return new FileArtifacts(root);
      }
      throw refused("a folder this machine can write", shown(uri), SERVED);
    }
    throw refused(
        "an artifact root served by the tracking server",
        shown(uri),
        SERVED + " " + scheme + "://...");
  }

  private static URI parse(String artifactUri) throws RejectedException {
    try {
      return new URI(artifactUri.replace(" ", "%20"));
    } catch (URISyntaxException e) {
      // Not shown: a part of it may be a password.
      throw refused("an artifact root that is a URI", e.getReason() + " at " + e.getIndex(), "");
    }
  }

  /** Without what may be secret: user and password, query. */
  private static String shown(URI uri) {
    return uri.toString().replaceAll("//[^/]*@", "//***@").replaceAll("[?#].*", "");
  }

  private static RejectedException refused(String expected, String got, String advice) {
    return new RejectedException(
        0, "", "Cannot store artifacts: expected " + expected + ", got " + got + advice);
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
