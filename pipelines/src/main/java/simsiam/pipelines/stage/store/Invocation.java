package simsiam.pipelines.stage.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.RunOutcome;

/**
 * One call of the program that does work, and its folder {@code invocations/<time>-<name>}: the
 * resolved config, the plan, the log, {@code summary.json}, and {@code invocation.json} with the
 * state.
 */
public final class Invocation {
  private static final Logger log = LoggerFactory.getLogger(Invocation.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);
  static final String STATE = "invocation.json";

  private final Path folder;
  private InvocationState state;

  private Invocation(Path folder, InvocationState state) {
    this.folder = folder;
    this.state = state;
  }

  /**
   * Makes the folder and marks it as running; {@code latest} links to it.
   *
   * @param command line, without secrets
   */
  public static Invocation begin(Workspace workspace, String name, String command)
      throws IOException {
    Files.createDirectories(workspace.invocations());
    Path folder =
        create(
            workspace.invocations(),
            TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + "-" + name);
    InvocationState state =
        new InvocationState(
            name, command, "running", InvocationProcess.self(), "", new TreeMap<>());
    Invocation invocation = new Invocation(folder, state);
    Json.write(folder.resolve(STATE), state);
    workspace.linkLatest(folder);
    return invocation;
  }

  private static Path create(Path parent, String name) throws IOException {
    for (int i = 1; ; i++) {
      try {
        return Files.createDirectory(parent.resolve(i == 1 ? name : name + "-" + i));
      } catch (FileAlreadyExistsException e) {
        log.debug("{} is taken", e.getFile()); // by another call within the same second
      }
    }
  }

  public Path folder() {
    return folder;
  }

  /** The log file; exists once something was logged. */
  public Path log() {
    return folder.resolve("run.log");
  }

  /** Writes a JSON file to the folder. */
  public void write(String file, Object value) throws IOException {
    Json.write(folder.resolve(file), value);
  }

  /** Writes a text file to the folder. */
  public void writeText(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  /** Remembers the id of a run of an experiment tracker. */
  public synchronized void id(String name, String id) throws IOException {
    SortedMap<String, String> ids = new TreeMap<>(state.ids());
    ids.put(name, id);
    update(state.state(), state.ended(), ids);
  }

  /** Marks the invocation as ended. */
  public synchronized void end(RunOutcome outcome) throws IOException {
    update(outcome.name().toLowerCase(Locale.ROOT), Instant.now().toString(), state.ids());
  }

  private void update(String name, String ended, SortedMap<String, String> ids) throws IOException {
    state = new InvocationState(state.name(), state.command(), name, state.process(), ended, ids);
    Json.write(folder.resolve(STATE), state);
  }
}
