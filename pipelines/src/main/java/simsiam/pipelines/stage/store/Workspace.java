package simsiam.pipelines.stage.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageInputs;

/**
 * The folder where everything made is kept: {@code stages/<stage>/<fingerprint>/} for outputs,
 * {@code invocations/<time>-<name>/} for what was asked and logged, {@code locks/} and {@code
 * cache/}.
 */
public final class Workspace {
  private static final Logger log = LoggerFactory.getLogger(Workspace.class);
  private static final String STAGES = "stages";
  private static final String INVOCATIONS = "invocations";

  /** Its folders. */
  private static final Set<String> OWN =
      Set.of(STAGES, INVOCATIONS, "locks", "cache", "tracking", "datasets", "pruned");

  private final Path root;
  private final Optional<StageStore> store;

  public Workspace(Path root) {
    this(new WorkspacePlace(root, Optional.empty()));
  }

  public Workspace(WorkspacePlace place) {
    this.root = place.folder().toAbsolutePath().normalize();
    this.store = place.store().map(StageStore::new);
  }

  /** The workspace that a configuration or an option names, a folder or a place in a store. */
  public static Workspace at(String place) {
    return new Workspace(WorkspacePlace.of(place));
  }

  public Path root() {
    return root;
  }

  /** Whether a half of it is in a store. */
  public boolean inStore() {
    return store.isPresent();
  }

  /** The half that is in a store, for a stage that writes there. */
  public Optional<StageStore> store(Stage stage) {
    return stage.writesData() ? store : Optional.empty();
  }

  public StageFolder folder(String stage, String fingerprint) {
    return new StageFolder(stages(stage).resolve(Fingerprint.shortened(fingerprint)));
  }

  /** Where digests of raw sources and the like are remembered; safe to delete at any time. */
  public Path cache() throws IOException {
    return Files.createDirectories(root.resolve("cache"));
  }

  /** Where files lie that launcher and workers of a stage's pipeline share while it runs. */
  public Path shared(Stage stage) throws IOException {
    return stage.writesData() && store.isPresent() ? store.get().shared() : cache();
  }

  public Path invocations() {
    return root.resolve(INVOCATIONS);
  }

  /** Where the outputs of all stages are, a folder for each stage. */
  public Path stages() {
    return root.resolve(STAGES);
  }

  /** Where what is removed is until it is deleted; whatever is in there may go at any time. */
  public Path pruned() {
    return root.resolve("pruned");
  }

  /** Where locks are. */
  public Path locks() throws IOException {
    return Files.createDirectories(root.resolve("locks"));
  }

  /** The lock that whoever makes an output has meanwhile. */
  public Path lockOf(String stage, String fingerprint) {
    String name = stage + "-" + Fingerprint.shortened(fingerprint) + ".lock";
    return root.resolve("locks").resolve(name);
  }

  /** A link to the newest invocation. */
  public Path latest() {
    return root.resolve("latest");
  }

  /**
   * Makes {@link #latest} lead to an invocation; where the disk has no links, a word in the log.
   */
  public void linkLatest(Path invocation) {
    Path aside = root.resolve("latest." + invocation.getFileName());
    try {
      Files.createSymbolicLink(aside, root.relativize(invocation));
      Files.move(aside, latest(), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      log.warn("Cannot link {} to {}", latest(), invocation, e);
    }
  }

  /**
   * Whether a place is among what the program keeps for itself: in a workspace all but its
   * uppermost folder, and wherever a stage's output or a checkpoint was copied to.
   *
   * @param place its real path
   */
  public static boolean keeps(Path place) {
    for (Path folder = place.getParent(); folder != null; folder = folder.getParent()) {
      boolean output =
          Files.exists(folder.resolve(StageFolder.SUCCESS))
              || Files.exists(folder.resolve(StageFolder.INPUTS));
      boolean checkpoint =
          Files.exists(folder.resolve("state.json"))
              && Files.exists(folder.resolve("weights.safetensors"));
      Path above = folder.getParent();
      boolean own =
          above != null
              && OWN.contains(String.valueOf(folder.getFileName()))
              && Files.isDirectory(above.resolve(INVOCATIONS))
              && Files.isDirectory(above.resolve(STAGES));
      if (output || checkpoint || own) {
        return true;
      }
    }
    return false;
  }

  /**
   * Keeps other processes from making the same output at the same time; waits for one that does.
   *
   * @param onWait told in words who is waited for
   */
  public ProcessLock lock(String stage, String fingerprint, Consumer<String> onWait)
      throws IOException, InterruptedException {
    locks();
    return ProcessLock.acquire(lockOf(stage, fingerprint), onWait);
  }

  /** Committed outputs of a stage, the newest first. */
  public List<SuccessRecord> committed(String stage) throws IOException {
    List<SuccessRecord> records = new ArrayList<>();
    for (Path folder : folders(stage)) {
      new StageFolder(folder).success().ifPresent(records::add);
    }
    records.sort(Comparator.comparing(SuccessRecord::finished).reversed());
    return records;
  }

  /**
   * What a stage was last asked to make out of, committed or not.
   *
   * @param except a fingerprint to pass over
   */
  public Optional<StageInputs> lastInputs(String stage, String except) throws IOException {
    Optional<Path> newest = Optional.empty();
    FileTime newestTime = FileTime.fromMillis(Long.MIN_VALUE);
    for (Path folder : folders(stage)) {
      Path inputs = folder.resolve(StageFolder.INPUTS);
      boolean other = !folder.getFileName().toString().startsWith(Fingerprint.shortened(except));
      if (other && Files.exists(inputs)) {
        FileTime time = Files.getLastModifiedTime(inputs);
        newest = time.compareTo(newestTime) > 0 ? Optional.of(inputs) : newest;
        newestTime = time.compareTo(newestTime) > 0 ? time : newestTime;
      }
    }
    return newest.isPresent()
        ? Optional.of(Json.read(newest.get(), StageInputs.class))
        : Optional.empty();
  }

  /** All invocations by their folders, the newest first. */
  public Map<Path, InvocationState> invocationStates() throws IOException {
    Map<Path, InvocationState> states = new LinkedHashMap<>();
    if (Files.isDirectory(invocations())) {
      try (Stream<Path> folders = Files.list(invocations())) {
        for (Path folder : folders.sorted(Comparator.reverseOrder()).toList()) {
          Path file = folder.resolve(Invocation.STATE);
          if (Files.exists(file)) {
            states.put(folder, Json.read(file, InvocationState.class));
          }
        }
      }
    }
    return states;
  }

  /** What the newest invocation of a name has remembered under an id. */
  public Optional<String> lastId(String name, String id) throws IOException {
    return invocationStates().values().stream()
        .filter(state -> state.name().equals(name))
        .map(state -> state.ids().get(id))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private List<Path> folders(String stage) throws IOException {
    if (!Files.isDirectory(stages(stage))) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(stages(stage))) {
      return folders
          .filter(Files::isDirectory)
          .filter(folder -> !StageFolder.isAside(folder))
          .sorted()
          .toList();
    }
  }

  private Path stages(String stage) {
    return stages().resolve(stage);
  }
}
