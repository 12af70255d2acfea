package simsiam.mlflow.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Runs a program to its end. */
final class Shell {
  private static final int TAIL = 8000;

  /** More may follow it, such as the statement that a database refused. */
  private static final Pattern PYTHON_ERROR = Pattern.compile("^[\\w.]+(Error|Exception): ");

  private Shell() {}

  /**
   * What a program left.
   *
   * @param code exit code; -1 if it could not be started, -2 if it ran out of time
   * @param output the end of its standard output and error
   */
  record Result(int code, String output) {
    boolean ok() {
      return code == 0;
    }

    /** The error that a Python program ended with; of other output, the last line. */
    String reason() {
      List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
      return lines.stream()
          .filter(line -> PYTHON_ERROR.matcher(line).find())
          .reduce((first, second) -> second)
          .orElse(lines.isEmpty() ? "exit code " + code : lines.get(lines.size() - 1).strip());
    }
  }

  static Result run(List<String> command, Duration limit) throws InterruptedException, IOException {
    Path log = Files.createTempFile("simsiam", ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
      clean(builder.environment());
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        return new Result(-1, String.valueOf(e.getMessage()));
      }
      return finish(process, limit, log);
    } finally {
      Files.deleteIfExists(log);
    }
  }

  private static Result finish(Process process, Duration limit, Path log)
      throws InterruptedException, IOException {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Result(-2, "no end within " + limit.toSeconds() + " s\n");
      }
      return new Result(process.exitValue(), tail(log));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The last {@value #TAIL} bytes of a file as text, or nothing if there is no file. */
  static String tail(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      channel.position(Math.max(0, channel.size() - TAIL));
      return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
    }
  }

  /** Takes out what would make a Python load or write other files than its own. */
  static void clean(Map<String, String> environment) {
    environment.remove("PYTHONPATH");
    environment.remove("PYTHONHOME");
    // Without its byte code a server takes four times as long to start.
    environment.remove("PYTHONDONTWRITEBYTECODE");
    environment.put("PIP_DISABLE_PIP_VERSION_CHECK", "1");
  }
}
