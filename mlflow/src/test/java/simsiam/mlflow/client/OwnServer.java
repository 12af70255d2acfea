package simsiam.mlflow.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import simsiam.mlflow.rest.Rest;
import simsiam.mlflow.rest.ServerAddress;

/** An MLflow server started by hand, of any version and with any options. */
final class OwnServer implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);

  private final Process process;
  private final Path folder;
  private final int port;

  private OwnServer(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * Starts one, which may not answer yet.
   *
   * @param folder of its database, files and log
   * @param authorization file with the users of {@code basic-auth}, or null
   */
  static OwnServer start(String python, Path folder, Path authorization, List<String> options)
      throws IOException {
    int port = RealServer.freePort();
    List<String> command = new ArrayList<>(List.of(python, "-m", "mlflow", "server"));
    command.addAll(List.of("--host", "127.0.0.1", "--port", "" + port, "--workers", "1"));
    command.addAll(List.of("--backend-store-uri", "sqlite:///" + folder.resolve("mlflow.db")));
    command.addAll(List.of("--artifacts-destination", folder.resolve("artifacts").toString()));
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(Files.createDirectories(folder).toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().remove("PYTHONDONTWRITEBYTECODE");
    builder.environment().put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    builder.environment().put("MLFLOW_DISABLE_TELEMETRY", "true");
    builder.environment().put("MLFLOW_FLASK_SERVER_SECRET_KEY", "of-this-test");
    if (authorization != null) {
      builder.environment().put("MLFLOW_AUTH_CONFIG_PATH", authorization.toString());
    }
    return new OwnServer(builder.start(), folder, port);
  }

  /** What an option of {@code mlflow server} is called depends on the version. */
  static boolean hasOption(String python, String option) throws Exception {
    Process help = new ProcessBuilder(python, "-m", "mlflow", "server", "--help").start();
    String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    help.waitFor();
    return text.contains(option);
  }

  /** Waits for its first answer. */
  void await(ServerAddress address) throws IOException, InterruptedException {
    Rest rest = new Rest(address, Duration.ofSeconds(5));
    long deadline = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        rest.probe();
        return;
      } catch (IOException e) {
        if (!process.isAlive() || System.nanoTime() > deadline) {
          throw new IOException("No answer from " + address.uri() + ": " + log(), e);
        }
        Thread.sleep(200);
      }
    }
  }

  int port() {
    return port;
  }

  Path folder() {
    return folder;
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(one -> one.onExit().join());
  }
}
