package simsiam.mlflow;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import simsiam.mlflow.rest.ServerAddress;

/** A TCP proxy before a real server that fails in the ways networks and servers fail. */
final class FaultProxy implements AutoCloseable {

  /** What happens to a connection from now on. */
  enum Mode {
    PASS,
    /** No one listens. */
    REFUSE,
    /** Connections are taken, nothing is answered. */
    HANG,
    /** The request goes through, the connection is cut within the answer. */
    CUT_ANSWER,
    /** The connection is cut within the request. */
    CUT_REQUEST,
    /** Answers come 700 ms late. */
    DELAY,
    TOO_MANY,
    ERROR,
    BAD_GATEWAY,
    UNAVAILABLE,
    /** Bytes that are no HTTP. */
    GARBAGE
  }

  private final ServerAddress target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.PASS;
  private volatile ServerSocket listener;

  FaultProxy(ServerAddress target) throws IOException {
    this.target = target;
    this.listener = listen(0);
    this.port = listener.getLocalPort();
  }

  ServerAddress address() {
    return new ServerAddress(
        target.id(), URI.create("http://127.0.0.1:" + port), target.credentials());
  }

  void mode(Mode next) throws IOException {
    mode = next;
    sockets.forEach(FaultProxy::cut);
    if (next == Mode.REFUSE) {
      listener.close();
    } else if (listener.isClosed()) {
      listener = listen(port);
    }
  }

  private ServerSocket listen(int at) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 50);
    daemon(
        () -> {
          while (true) {
            Socket client = socket.accept();
            sockets.add(client);
            daemon(() -> serve(client));
          }
        });
    return socket;
  }

  private void serve(Socket client) throws IOException {
    switch (mode) {
      case HANG -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
      case GARBAGE -> reply(client, "\0\1\2 this is not HTTP\r\n\r\n");
      case TOO_MANY -> reply(client, status("429 Too Many Requests\r\nRetry-After: 1"));
      case ERROR -> reply(client, status("500 Internal Server Error"));
      case BAD_GATEWAY -> reply(client, status("502 Bad Gateway"));
      case UNAVAILABLE -> reply(client, status("503 Service Unavailable"));
      default -> forward(client);
    }
  }

  private static String status(String line) {
    return "HTTP/1.1 " + line + "\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops";
  }

  private void reply(Socket client, String text) throws IOException {
    byte[] request = new byte[1 << 16];
    int read = client.getInputStream().read(request);
    if (read > 0) {
      client.getOutputStream().write(text.getBytes(US_ASCII));
    }
    cut(client);
  }

  private void forward(Socket client) throws IOException {
    Socket upstream = new Socket(target.uri().getHost(), target.uri().getPort());
    sockets.add(upstream);
    Mode how = mode;
    daemon(
        () -> copy(client, upstream, how == Mode.CUT_REQUEST ? 150 : Integer.MAX_VALUE, Mode.PASS));
    copy(upstream, client, how == Mode.CUT_ANSWER ? 20 : Integer.MAX_VALUE, how);
  }

  private void copy(Socket from, Socket to, int limit, Mode how) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int left = limit;
    InputStream in = from.getInputStream();
    while (left > 0) {
      int read = in.read(buffer, 0, Math.min(buffer.length, left));
      if (read < 0) {
        break;
      }
      if (how == Mode.DELAY) {
        sleep(700);
      }
      to.getOutputStream().write(buffer, 0, read);
      to.getOutputStream().flush();
      left -= read;
    }
    cut(from);
    cut(to);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The way all of a proxy's connections end.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    mode(Mode.REFUSE);
  }
}
