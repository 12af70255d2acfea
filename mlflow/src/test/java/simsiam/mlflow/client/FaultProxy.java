package simsiam.mlflow.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
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
    /** Answers come late. */
    DELAY,
    TOO_MANY,
    ERROR,
    BAD_GATEWAY,
    UNAVAILABLE,
    /** Bytes that are no HTTP. */
    GARBAGE
  }

  private static final String PROBE = "GET /health";
  private static final int CUT_REQUEST_AT = 150;
  private static final int CUT_ANSWER_AT = 20;

  private final AtomicInteger faults = new AtomicInteger();
  private final ServerAddress target;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Mode mode = Mode.PASS;
  private volatile Duration delay = Duration.ofMillis(700);
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

  /** Answers every request, also the question whether it is well, so much later. */
  void delay(Duration late) throws IOException {
    delay = late;
    mode(Mode.DELAY);
  }

  /** Requests that were answered wrong, late or cut. */
  int faults() {
    return faults.get();
  }

  private ServerSocket listen(int at) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    bind(socket, at);
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

  /** A listener closed within its accept gives its port back a moment later. */
  private static void bind(ServerSocket socket, int at) throws IOException {
    for (int left = 100; ; left--) {
      try {
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 50);
        return;
      } catch (BindException e) {
        if (left == 0) {
          throw e;
        }
        sleep(20);
      }
    }
  }

  private void serve(Socket client) throws IOException {
    Mode how = mode;
    if (how == Mode.HANG) {
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
      return;
    }
    byte[] head = new byte[CUT_REQUEST_AT];
    int read = client.getInputStream().readNBytes(head, 0, PROBE.length());
    boolean forwarded = how == Mode.PASS || how == Mode.DELAY;
    if (!forwarded && new String(head, 0, read, US_ASCII).equals(PROBE)) {
      reply(client, status("200 OK")); // A server can look well and fail at everything else.
      return;
    }
    switch (how) {
      case GARBAGE -> reply(client, "\0\1\2 this is not HTTP\r\n\r\n");
      case TOO_MANY -> reply(client, status("429 Too Many Requests\r\nRetry-After: 1"));
      case ERROR -> reply(client, status("500 Internal Server Error"));
      case BAD_GATEWAY -> reply(client, status("502 Bad Gateway"));
      case UNAVAILABLE -> reply(client, status("503 Service Unavailable"));
      default -> forward(client, head, read, how);
    }
  }

  private static String status(String line) {
    return "HTTP/1.1 " + line + "\r\nContent-Length: 4\r\nConnection: close\r\n\r\noops";
  }

  private void reply(Socket client, String text) throws IOException {
    byte[] request = new byte[1 << 16];
    int read = client.getInputStream().read(request);
    if (read > 0) {
      faults.incrementAndGet();
      client.getOutputStream().write(text.getBytes(US_ASCII));
    }
    cut(client);
  }

  private void forward(Socket client, byte[] head, int read, Mode how) throws IOException {
    Socket upstream = new Socket(target.uri().getHost(), target.uri().getPort());
    sockets.add(upstream);
    upstream.getOutputStream().write(head, 0, read);
    int upTo = how == Mode.CUT_REQUEST ? CUT_REQUEST_AT : Integer.MAX_VALUE;
    daemon(() -> copy(client, upstream, upTo, Mode.PASS));
    copy(upstream, client, how == Mode.CUT_ANSWER ? CUT_ANSWER_AT : Integer.MAX_VALUE, how);
    faults.addAndGet(how == Mode.PASS ? 0 : 1);
  }

  private void copy(Socket from, Socket to, int limit, Mode how) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int left = limit;
    boolean late = false; // the rest of an answer is not delayed again
    InputStream in = from.getInputStream();
    while (left > 0) {
      int read = in.read(buffer, 0, Math.min(buffer.length, left));
      if (read < 0) {
        break;
      }
      if (how == Mode.DELAY && !late) {
        sleep(delay.toMillis());
      }
      to.getOutputStream().write(buffer, 0, read);
      to.getOutputStream().flush();
      left -= read;
      late = in.available() > 0;
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
