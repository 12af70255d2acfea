package simsiam.mlflow.upload;

import java.io.Closeable;
import java.time.Duration;
import simsiam.mlflow.rest.Queries;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;

/** The ways to talk to one server, for one thread. */
public record Connection(ServerAddress server, Rest rest, Queries queries) implements Closeable {

  /** Opens a connection whose requests end after the timeout. */
  public static Connection to(ServerAddress server, Duration timeout) {
    return new Connection(server, new Rest(server, timeout), new Queries(server, timeout));
  }

  @Override
  public void close() {
    queries.close();
  }
}
