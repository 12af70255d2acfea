package simsiam.pipelines.cli.console;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Reason;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.remote.StoreException;
import simsiam.pipelines.remote.StoreOptions;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.WorkspacePlace;

/** What the user reads, and the exit code, when a command cannot be carried out. */
public final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  /** Of the mistakes of a configuration, how many are shown. */
  private static final int MOST = 20;

  private final Output output;

  public Failures(Output output) {
    this.output = output;
  }

  /** Prints what went wrong, the cause first. */
  public int report(Throwable failure) {
    return report(failure, messages(failure));
  }

  private int report(Throwable failure, List<String> messages) {
    log.error(Console.TOLD, "The command failed", failure);
    messages.forEach(line -> output.complain("error: " + line));
    boolean users = isUsers(failure) && DiskFull.message(failure).isEmpty();
    return users ? ExitCode.USAGE : ExitCode.STAGE_FAILED;
  }

  /** The same for a stage; values of the configuration are shown with their places. */
  public int report(StageFailedException failure, LoadedConfig config) {
    Throwable cause = failure.getCause();
    if (cause instanceof InvalidConfigException invalid) {
      return report(config.invalid(invalid.violations()));
    }
    Optional<String> full =
        DiskFull.message(cause, WorkspacePlace.of(config.config().workspace()).folder());
    return report(cause, full.map(List::of).orElseGet(() -> messages(cause)));
  }

  private static boolean isUsers(Throwable cause) {
    return cause instanceof ConfigException
        || cause instanceof InvalidConfigException
        || cause instanceof UsageException
        || notBuilt(cause);
  }

  /** Libraries wrap it, as does what reads a source. */
  private static boolean notBuilt(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof StoreOptions.NotBuiltException) {
        return true;
      }
    }
    return false;
  }

  /** The message of a failure and of what caused it, each once. */
  public static List<String> messages(Throwable failure) {
    Optional<String> full = DiskFull.message(failure);
    if (full.isPresent()) {
      return List.of(full.get());
    }
    if (failure instanceof ConfigException config) {
      return first(config.errors().stream().map(Object::toString).toList());
    }
    List<String> messages = new ArrayList<>();
    String all = "";
    for (Throwable t = failure; t != null; t = t instanceof StoreException ? null : t.getCause()) {
      String message = message(t);
      if (!all.contains(message)) {
        messages.add(messages.isEmpty() ? message : "because: " + message);
        all += message;
      }
    }
    return messages;
  }

  /** More than a screen of them helps nobody. */
  private static List<String> first(List<String> messages) {
    if (messages.size() <= MOST) {
      return messages;
    }
    List<String> shown = new ArrayList<>(messages.subList(0, MOST));
    shown.add("and " + (messages.size() - MOST) + " more");
    return shown;
  }

  private static String message(Throwable t) {
    if (t instanceof FileSystemException file && file.getFile() != null) {
      return wording(file);
    }
    if (t instanceof OutOfMemoryError) {
      return "Cannot go on: expected more memory, got %s; SIMSIAM_JAVA_OPTS=-Xmx8g gives it a heap of 8 GB"
          .formatted(Reason.of(t));
    }
    if (t instanceof LinkageError) {
      return "Cannot load a library: " + Reason.plain(String.valueOf(t.getMessage()));
    }
    return isFault(t)
        ? "Cannot go on: %s, a fault of the program (%s)".formatted(Reason.of(t), place(t))
        : Reason.of(t);
  }

  /** Whether nobody has thought of it: there is no message for users in it. */
  private static boolean isFault(Throwable t) {
    return t instanceof Error
        || (t instanceof RuntimeException
            && !isUsers(t)
            && !t.getClass().getName().startsWith("simsiam.")
            && !(t instanceof IllegalArgumentException)
            && !(t instanceof IllegalStateException)
            && !(t instanceof UncheckedIOException)
            && !(t instanceof CancellationException));
  }

  /** The file and line of our own code that was at work. */
  private static String place(Throwable t) {
    return Arrays.stream(t.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith("simsiam."))
        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
        .findFirst()
        .orElse("outside its own code");
  }

  /** Java's own message is the path and the system's words. */
  private static String wording(FileSystemException e) {
    String expected = "a working file system";
    if (e.getReason() != null) {
      return "Cannot use %s: expected %s, got %s".formatted(e.getFile(), expected, e.getReason());
    }
    if (e instanceof AccessDeniedException) {
      expected = "permission";
    } else if (e instanceof NoSuchFileException) {
      expected = "it to exist";
    } else if (e instanceof FileAlreadyExistsException) {
      expected = "a folder or nothing, got a file";
    }
    return "Cannot use " + e.getFile() + ": expected " + expected;
  }
}
