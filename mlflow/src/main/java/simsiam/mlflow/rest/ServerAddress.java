package simsiam.mlflow.rest;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a tracking server is.
 *
 * @param id what stays the same when the server comes back at another port; the spool remembers
 *     under it what was sent
 * @param uri http or https, possibly with a path prefix, without a slash at the end
 * @param authority who vouches for it; empty: those whom Java trusts
 */
public record ServerAddress(
    String id, URI uri, Credentials credentials, Optional<Authority> authority) {

  public ServerAddress {
    if (uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "Cannot use a tracking server: expected http://host or https://host, got " + uri);
    }
    if (uri.getUserInfo() != null) {
      throw new IllegalArgumentException(
          "Cannot use a tracking server: expected credentials in MLFLOW_TRACKING_USERNAME and"
              + " MLFLOW_TRACKING_PASSWORD, got them in the address of "
              + uri.getHost());
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "Cannot use a tracking server: expected an address without a query, got one with it at "
              + uri.getHost());
    }
  }

  /** A server vouched for by those whom Java trusts, or over plain HTTP. */
  public ServerAddress(String id, URI uri, Credentials credentials) {
    this(id, uri, credentials, Optional.empty());
  }

  /** The same server, vouched for by others. */
  public ServerAddress trusting(Authority other) {
    return new ServerAddress(id, uri, credentials, Optional.of(other));
  }

  /** A server known by its address. */
  public static ServerAddress of(String uri, Credentials credentials) {
    String trimmed = uri.replaceAll("/+$", "");
    return new ServerAddress(trimmed, URI.create(trimmed), credentials);
  }

  /** A short name for the id that is fit for a file name. */
  public String key() {
    return keyOf(id);
  }

  /** The {@link #key} of a server with this id, known also while the server does not run. */
  public static String keyOf(String id) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
