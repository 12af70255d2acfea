package simsiam.mlflow.rest;

import java.io.IOException;

/**
 * Gives the address of the tracking server once there is one. Called on the uploaders' threads, so
 * it may take its time (installing, starting), and again whenever the server stopped answering.
 */
@FunctionalInterface
public interface ServerSource {
  /**
   * The address of a server that is up, or about to be.
   *
   * @throws NoServerException if there will be none in this process, however often one asks
   * @throws IOException if there is none now
   */
  ServerAddress get() throws IOException, InterruptedException;

  /** Whether the server is being installed or started at the moment. */
  default boolean isStarting() {
    return false;
  }

  /** A server that is known. */
  static ServerSource fixed(ServerAddress address) {
    return () -> address;
  }
}
