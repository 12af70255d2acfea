package simsiam.mlflow.upload;

import java.io.IOException;
import java.time.Duration;
import simsiam.mlflow.rest.Queries;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;
import simsiam.mlflow.rest.ServerFeatures;

/**
 * The ways to talk to one server, for one thread.
 *
 * @param timeout of a request
 */
public record Connection(
    ServerAddress server, Duration timeout, Rest rest, Queries queries, ServerFeatures features) {

  /** Opens a connection whose requests end after the timeout. */
  public static Connection to(ServerAddress server, Duration timeout) throws IOException {
    Rest rest = new Rest(server, timeout);
    return new Connection(server, timeout, rest, new Queries(rest), new ServerFeatures(rest));
  }

  /** The same with another timeout. */
  Connection within(Duration other) throws IOException {
    return other.equals(timeout) ? this : to(server, other);
  }
}
