package simsiam.mlflow.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a port to listen at. */
final class Ports {
  private static final int TRIED = 100;

  private Ports() {}

  /** The first free port from the wanted one on. */
  static int free(String host, int wanted) throws IOException {
    for (int port = wanted; port < wanted + TRIED; port++) {
      if (isFree(host, port)) {
        return port;
      }
    }
    throw new IOException(
        "Cannot start MLflow: expected a free port in %s to %s, got none"
            .formatted(wanted, wanted + TRIED - 1));
  }

  private static boolean isFree(String host, int port) throws IOException {
    InetAddress address = InetAddress.getByName(host);
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (java.net.BindException e) {
      return false;
    }
  }
}
