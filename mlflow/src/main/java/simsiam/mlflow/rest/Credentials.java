package simsiam.mlflow.rest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * How a client proves who it is: nothing, basic authentication, or a bearer token. Never printed.
 *
 * @param user empty for none
 * @param password empty for none
 * @param token empty for none; goes before user and password
 */
public record Credentials(String user, String password, String token) {
  /** No credentials. */
  public static final Credentials NONE = new Credentials("", "", "");

  /** Reads {@code MLFLOW_TRACKING_USERNAME}, {@code _PASSWORD} and {@code _TOKEN}. */
  public static Credentials from(Map<String, String> environment) {
    return new Credentials(
        environment.getOrDefault("MLFLOW_TRACKING_USERNAME", ""),
        environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""),
        environment.getOrDefault("MLFLOW_TRACKING_TOKEN", ""));
  }

  /** The value of the Authorization header, if there is one. */
  Optional<String> header() {
    if (!token.isEmpty()) {
      return Optional.of("Bearer " + token);
    } else if (!user.isEmpty()) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return token.isEmpty() ? (user.isEmpty() ? "none" : "basic authentication") : "token";
  }
}
