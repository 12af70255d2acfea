package simsiam.pipelines.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import simsiam.mlflow.rest.Authority;
import simsiam.mlflow.rest.Credentials;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.server.Environment;
import simsiam.mlflow.server.ManagedServer;

/**
 * The MLflow server that a workspace logs to: its own, or the user's.
 *
 * @param uri {@code managed}, or the address of a server; {@code MLFLOW_TRACKING_URI} takes the
 *     place of {@code managed}
 */
public record TrackingServer(Path workspace, String uri, Map<String, String> environment) {
  /** The address that stands for a server of our own. */
  public static final String MANAGED = "managed";

  private static final String HERE = "127.0.0.1";

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
      return own().source(notes);
    }
    return ServerSource.fixed(fixed());
  }

  /**
   * The server's address; one of our own is started if it does not run.
   *
   * @param notes takes lines about installing and starting a server
   */
  public String up(Consumer<String> notes) throws IOException, InterruptedException {
    return isManaged() ? new ManagedControl(own()).start(notes) : fixed().uri().toString();
  }

  /** What stays the same of it while it moves; the spool remembers under it what was sent. */
  public String id() {
    return isManaged() ? own().id() : fixed().id();
  }

  private ManagedServer own() {
    return managed(HERE, ManagedServer.PORT);
  }

  private ServerAddress fixed() {
    ServerAddress server = ServerAddress.of(address(), Credentials.from(environment));
    String authority = environment.getOrDefault("MLFLOW_TRACKING_SERVER_CERT_PATH", "");
    return authority.isEmpty() ? server : server.trusting(new Authority(Path.of(authority)));
  }

  /** {@code managed} or an address. */
  public String address() {
    String own = environment.getOrDefault("MLFLOW_TRACKING_URI", "");
    return uri.equals(MANAGED) && own.startsWith("http") ? own : uri;
  }
}
