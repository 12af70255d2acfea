package simsiam.pipelines.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.Reason;

/** Entry point of the program. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    boolean terminal = Boolean.getBoolean("simsiam.terminal");
    Output output = new Output(writer(System.out), writer(System.err), terminal);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log.error("Thread {} ended: {}", thread.getName(), Reason.of(e), e));
    System.exit(new Program(new ProductServices(), output).run(args));
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
