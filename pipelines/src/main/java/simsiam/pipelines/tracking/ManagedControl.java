package simsiam.pipelines.tracking;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.mlflow.server.ManagedServer;

/** The real server. */
public record ManagedControl(ManagedServer server) implements ServerControl {
  @Override
  public Optional<String> url() throws IOException {
    return server.status().map(address -> address.uri().toString());
  }

  @Override
  public String start(Consumer<String> notes) throws IOException, InterruptedException {
    return server.start(notes).uri().toString();
  }

  @Override
  public boolean stop() throws IOException, InterruptedException {
    return server.stop();
  }
}
