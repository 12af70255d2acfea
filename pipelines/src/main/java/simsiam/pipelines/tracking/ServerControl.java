package simsiam.pipelines.tracking;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** The MLflow server of a workspace, as a user handles it. */
public interface ServerControl {
  /** Where it runs, if it does. */
  Optional<String> url() throws IOException;

  /**
   * Starts it unless it runs, and installs it if need be.
   *
   * @param notes takes a line for what takes time
   * @return where it answers
   */
  String start(Consumer<String> notes) throws IOException, InterruptedException;

  /** Stops it; tells whether it ran. */
  boolean stop() throws IOException, InterruptedException;
}
