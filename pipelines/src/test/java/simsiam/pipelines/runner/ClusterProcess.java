package simsiam.pipelines.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A daemon of a cluster in a Java of its own; its output goes to a file. */
public final class ClusterProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 180;

  private final Process process;
  private final Path log;

  private ClusterProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Something to wait for. */
  public interface Moment {
    boolean reached() throws IOException;
  }

  /** Starts a Java with these options, main class and arguments. */
  public static ClusterProcess java(
      Path log, Map<String, String> environment, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment);
    ClusterProcess started = new ClusterProcess(builder.start(), log);
    // A test that fails while a cluster starts leaves nothing behind.
    Runtime.getRuntime().addShutdownHook(new Thread(started::close));
    return started;
  }

  /** A port that nobody listens at now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the moment; the process must live to see it. */
  public void await(Moment moment) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!moment.reached()) {
      if (!process.isAlive()) {
        throw new AssertionError("The process ended with " + process.exitValue() + ":\n" + log());
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("The moment never came:\n" + log());
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Waits until the process takes connections at a port of this machine. */
  public void awaitPort(int port) throws IOException, InterruptedException {
    await(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            return true;
          } catch (IOException e) { // not yet
            return false;
          }
        });
  }

  /** Waits for the process to end well by itself. */
  public void awaitEnd() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("The process did not end with 0:\n" + log());
    }
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** Processes that this one started. */
  List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends the process and what it started. */
  @Override
  public void close() {
    List<ProcessHandle> children = children();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
