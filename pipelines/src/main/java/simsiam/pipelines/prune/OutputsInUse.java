package simsiam.pipelines.prune;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.plan.Plan;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.Workspace;

/**
 * What a process reads in a workspace, or is about to make there, for as long as it lives: {@code
 * locks/use-*.json}, which counts while the lock beside it is held, so that nothing is left behind
 * by a process that was killed. It is announced, and looked at by who removes outputs, behind the
 * same {@link #gate}: so an output is either in use first, and stays, or gone first, and is planned
 * anew.
 */
public final class OutputsInUse implements Closeable {
  private static final String PREFIX = "use-";
  private static final String NOTE = ".json";

  private final Path note;
  private final Path file;
  private final ProcessLock lock;

  private OutputsInUse(Path note, Path file, ProcessLock lock) {
    this.note = note;
    this.file = file;
    this.lock = lock;
  }

  /**
   * All that is in use.
   *
   * @param folders of runs and sweeps, relative to the workspace
   */
  record Used(Set<OutputId> outputs, Set<String> folders) {
    boolean nothing() {
      return outputs.isEmpty() && folders.isEmpty();
    }
  }

  private record Note(List<OutputId> outputs, String folder) {}

  /**
   * Lets one process at a time announce what it uses, or remove what nobody does: held for moments.
   *
   * @param onWait told in words who is waited for
   */
  public static ProcessLock gate(Workspace workspace, Consumer<String> onWait) throws IOException {
    try {
      return ProcessLock.acquire(workspace.locks().resolve("outputs.lock"), onWait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Cannot begin: interrupted while outputs are removed");
    }
  }

  /** Whether the outputs that plans have found are there still; to be asked behind the gate. */
  public static boolean areThere(Collection<Plan> plans) {
    return plans.stream()
        .flatMap(plan -> plan.all().values().stream())
        .filter(stage -> stage.last().isPresent())
        .allMatch(stage -> stage.folder().isCommitted());
  }

  /**
   * Keeps the outputs of plans, and a folder of the workspace, until it is closed or the process
   * ends; to be called behind the gate.
   *
   * @param folder of a run or a sweep
   */
  public static OutputsInUse announce(Workspace workspace, Collection<Plan> plans, Path folder)
      throws IOException {
    read(workspace, true); // which clears away what the dead have left
    Set<OutputId> outputs = new HashSet<>();
    for (Plan plan : plans) {
      for (PlannedStage stage : plan.all().values()) {
        outputs.add(OutputId.of(stage));
      }
    }
    String name = PREFIX + UUID.randomUUID();
    Path file = workspace.locks().resolve(name + ".lock");
    ProcessLock lock = ProcessLock.tryAcquire(file).orElseThrow(); // as the name is new
    Path note = workspace.locks().resolve(name + NOTE);
    String relative = workspace.root().relativize(folder.toAbsolutePath().normalize()).toString();
    Json.write(note, new Note(outputs.stream().sorted().toList(), relative));
    return new OutputsInUse(note, file, lock);
  }

  /**
   * What living processes use.
   *
   * @param tidies whether what dead ones have left is removed; behind the gate only
   */
  static Used read(Workspace workspace, boolean tidies) throws IOException {
    Set<OutputId> outputs = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (Path note : notes(workspace)) {
      Path file = note.resolveSibling(note.getFileName().toString().replace(NOTE, ".lock"));
      if (isHeld(file)) {
        Note used = Json.read(note, Note.class);
        outputs.addAll(used.outputs());
        folders.add(used.folder());
      } else if (tidies) {
        Files.deleteIfExists(note);
        Files.deleteIfExists(file);
      }
    }
    return new Used(outputs, folders);
  }

  private static List<Path> notes(Workspace workspace) throws IOException {
    Path locks = workspace.root().resolve("locks");
    if (!Files.isDirectory(locks)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(locks)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .filter(file -> file.getFileName().toString().endsWith(NOTE))
          .toList();
    }
  }

  /** Whether this or another process has a lock; looks at no file that is not there. */
  static boolean isHeld(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    Optional<ProcessLock> got = ProcessLock.tryAcquire(file);
    if (got.isPresent()) {
      got.get().close();
    }
    return got.isEmpty();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(note);
    lock.close();
    Files.deleteIfExists(file);
  }
}
