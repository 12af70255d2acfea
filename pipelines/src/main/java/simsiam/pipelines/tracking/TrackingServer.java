package simsiam.pipelines.tracking;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import simsiam.mlflow.ServerSource;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/**
 * The MLflow server that a workspace logs to: its own, or the user's.
 *
 * @param uri {@code managed}, or the address of a server; {@code MLFLOW_TRACKING_URI} takes the
 *     place of {@code managed}
 */
public record TrackingServer(Path workspace, String uri, Map<String, String> environment) {
  static final String MANAGED = "managed";

  public TrackingServer(Path workspace, String uri) {
    this(workspace, uri, System.getenv());
  }

  /** Where points and files wait for the server. */
  public Path spool() {
    return workspace.resolve("tracking");
  }

  /** Whether the server is one that this program starts. */
  public boolean isManaged() {
    return address().equals(MANAGED);
  }

  public ManagedServer managed(String host, int port) {
    return new ManagedServer(
        workspace.resolve("mlflow"), Environment.ofUser(environment), host, port);
  }

  /**
   * Gives the server's address, starting it if it is our own.
   *
   * @param notes takes lines about installing and starting a server
   */
  public ServerSource source(Consumer<String> notes) {
    if (isManaged()) {
      return managed("127.0.0.1", ManagedServer.PORT).source(notes);
    }
    return ServerSource.fixed(ServerAddress.of(address(), Credentials.from(environment)));
  }

  /** {@code managed} or an address. */
  public String address() {
    String own = environment.getOrDefault("MLFLOW_TRACKING_URI", "");
    return uri.equals(MANAGED) && own.startsWith("http") ? own : uri;
  }
}
