package simsiam.pipelines.bench.measure;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import simsiam.model.file.CanonicalJson;

/**
 * A script in the user's Python that does the same work, kept running so that its turns can be
 * taken between ours. The environment variable {@value #VARIABLE} names the Python; without it
 * there is no comparison.
 */
public final class PythonPeer implements AutoCloseable {
  public static final String VARIABLE = "SIMSIAM_BENCH_PYTHON";

  private static final Pattern OURS = Pattern.compile("OMP_.*|OPENBLAS_.*|MALLOC_.*");

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter orders;
  private final Path log;

  private PythonPeer(Process process, Path log) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.log = log;
  }

  /** The Python to compare with. */
  public static Optional<String> python() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(name -> !name.isBlank());
  }

  /** Starts a script with one thread of arithmetic, where the work of a core is compared. */
  public static PythonPeer start(String python, String script, Path work, String... arguments)
      throws IOException {
    return start(python, 1, script, work, arguments);
  }

  /**
   * Starts a script of this package and waits until it is ready.
   *
   * @param threads of its arithmetic
   * @param work folder for the script and its log
   */
  public static PythonPeer start(
      String python, int threads, String script, Path work, String... arguments)
      throws IOException {
    Path file = work.resolve(script);
    try (InputStream in = PythonPeer.class.getResourceAsStream(script)) {
      Files.write(file, Objects.requireNonNull(in, script).readAllBytes());
    }
    Path log = work.resolve(script + ".log");
    List<String> command = new ArrayList<>(List.of(python, file.toString()));
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    // What the launcher set for this process is not how Python is used.
    builder.environment().keySet().removeIf(name -> OURS.matcher(name).matches());
    builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
    PythonPeer peer = new PythonPeer(builder.start(), log);
    peer.answer("ready");
    return peer;
  }

  /** Has the script take a turn. */
  public JsonNode turn(String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
    return CanonicalJson.parse(answer("{"));
  }

  private String answer(String start) throws IOException {
    String line = answers.readLine();
    if (line == null || !line.startsWith(start)) {
      throw new IOException(
          "Cannot compare with Python: expected a line that starts with %s, got %s: %s"
              .formatted(start, line, Files.readString(log).strip()));
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
