package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the server's process is started. */
final class Launch {
  /** Puts the server into a session of its own, so that a Ctrl-C meant for us does not reach it. */
  private static final String NEW_SESSION =
      "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])";

  private Launch() {}

  static Process detached(Environment environment, ServerFiles files, String host, int port)
      throws IOException {
    String python = environment.python().toString();
    List<String> command = new ArrayList<>(List.of(python, "-c", NEW_SESSION));
    command.addAll(List.of(python, "-m", "mlflow", "server"));
    command.addAll(List.of("--host", host, "--port", Integer.toString(port)));
    command.addAll(List.of("--workers", "1"));
    command.addAll(List.of("--backend-store-uri", databaseUri(files.database())));
    command.addAll(List.of("--artifacts-destination", files.artifacts().toUri().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.folder().toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
    quiet(builder.environment());
    return builder.start();
  }

  static String databaseUri(Path database) {
    return "sqlite:///" + database;
  }

  private static void quiet(Map<String, String> environment) {
    Shell.clean(environment);
    environment.keySet().removeIf(name -> name.startsWith("MLFLOW_"));
    // The job runner serves language-model features and takes eight more processes and 700 MB.
    environment.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
    environment.put("DO_NOT_TRACK", "true");
    environment.put("GIT_PYTHON_REFRESH", "quiet");
  }
}
