package simsiam.pipelines.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.Reason;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.sweep.ChildProcess;

/** Entry point of the program. */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    if (Boolean.getBoolean(ChildProcess.PROPERTY)) {
      endWithParent();
    }
    boolean terminal = Boolean.getBoolean("simsiam.terminal");
    Output output = new Output(writer(System.out), writer(System.err), terminal);
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> log.error("Thread {} ended: {}", thread.getName(), Reason.of(e), e));
    System.exit(new Program(new ProductServices(), output).run(args));
  }

  /**
   * Ends this process in order when the one that has started it is gone, however that ended: its
   * end of the pipe to our standard input is closed then.
   */
  private static void endWithParent() {
    Thread watch =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream()); // nothing ever comes
              } catch (IOException e) {
                LoggerFactory.getLogger(Main.class).info("Cannot watch the parent", e);
              }
              System.exit(ExitCode.INTERRUPTED);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
