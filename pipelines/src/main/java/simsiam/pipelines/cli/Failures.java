package simsiam.pipelines.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.config.ConfigException;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.stage.StageFailedException;

/** What the user reads, and the exit code, when a command cannot be carried out. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  private final Output output;

  Failures(Output output) {
    this.output = output;
  }

  /** Prints what went wrong, the cause first. */
  int report(Throwable failure) {
    log.info("The command failed", failure);
    messages(failure).forEach(line -> output.complain("error: " + line));
    return isUsers(failure) ? ExitCode.USAGE : ExitCode.STAGE_FAILED;
  }

  /** The same for a stage; values of the configuration are shown with their places. */
  int report(StageFailedException failure, LoadedConfig config) {
    return failure.getCause() instanceof InvalidConfigException invalid
        ? report(config.invalid(invalid.violations()))
        : report(failure.getCause());
  }

  private static boolean isUsers(Throwable cause) {
    return cause instanceof ConfigException
        || cause instanceof InvalidConfigException
        || cause instanceof UsageException;
  }

  /** The message of a failure and of what caused it, each once. */
  static List<String> messages(Throwable failure) {
    Optional<String> full = diskFull(failure);
    if (full.isPresent()) {
      return List.of(full.get());
    }
    if (failure instanceof ConfigException config) {
      return config.errors().stream().map(Object::toString).toList();
    }
    List<String> messages = new ArrayList<>();
    String all = "";
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = t.getMessage() == null ? t.toString() : t.getMessage();
      message = t instanceof Error ? t.toString() : message;
      if (!all.contains(message)) {
        messages.add(messages.isEmpty() ? message : "because: " + message);
        all += message;
      }
    }
    return messages;
  }

  private static Optional<String> diskFull(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage());
      if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
        return Optional.of("Cannot write, the disk is full: " + message);
      }
    }
    return Optional.empty();
  }
}
