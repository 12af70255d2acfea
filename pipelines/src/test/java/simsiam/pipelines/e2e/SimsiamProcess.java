package simsiam.pipelines.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import simsiam.pipelines.cli.PlainWords;

/** The program in a process of its own, as the launcher starts it; its output goes to a file. */
final class SimsiamProcess implements AutoCloseable {
  private static final long LIMIT_SECONDS = 180;

  private final Process process;
  private final Path output;

  private SimsiamProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Something to wait for. */
  interface Moment {
    boolean reached() throws IOException;
  }

  static SimsiamProcess start(Path folder, String... arguments) throws IOException {
    return start(folder, command(List.of(), arguments));
  }

  /** Starts any command in place of the bare program. */
  static SimsiamProcess start(Path folder, List<String> command) throws IOException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    return new SimsiamProcess(process, output);
  }

  /** Starts a command in a folder of its own, with further variables of the environment. */
  static SimsiamProcess start(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().putAll(environment);
    return new SimsiamProcess(builder.start(), output);
  }

  /** The command line that starts the program on the class path of this test. */
  static List<String> command(List<String> javaOptions, String... arguments) {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .filter(entry -> !entry.endsWith("test-classes"))
            .collect(Collectors.joining(":"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-Dsimsiam.home=" + Path.of("..").toAbsolutePath().normalize()));
    command.addAll(javaOptions);
    command.addAll(List.of("-cp", classPath, "simsiam.pipelines.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Waits for the moment; the process must live to see it. */
  SimsiamProcess await(Moment moment) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!moment.reached()) {
      if (!process.isAlive()) {
        throw new AssertionError(
            "The process ended with " + process.exitValue() + " too early:\n" + output());
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("The moment never came:\n" + output());
      }
      TimeUnit.MICROSECONDS.sleep(200);
    }
    return this;
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() throws Exception {
    process.destroyForcibly();
    exitCode();
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Sends a signal by name, such as STOP. */
  void signal(String name) throws Exception {
    int code =
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IllegalStateException("Cannot send " + name + ": kill ended with " + code);
    }
  }

  long pid() {
    return process.pid();
  }

  int exitCode() throws Exception {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("The process does not end:\n" + output());
    }
    return process.exitValue();
  }

  /** What it has printed so far, errors included. */
  String output() throws IOException {
    return PlainWords.require(Files.readString(output));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
