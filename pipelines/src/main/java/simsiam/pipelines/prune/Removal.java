package simsiam.pipelines.prune;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.mlflow.spool.RunFolder;
import simsiam.model.file.FileTree;
import simsiam.pipelines.prune.Pruning.Item;
import simsiam.pipelines.stage.store.Workspace;

/**
 * Removes what a {@link Pruning} says: every folder is renamed into {@code pruned/} first, behind
 * the gate of {@link OutputsInUse} and with the lock of its output, and deleted after the gate was
 * left. Killed in between, it leaves outputs that are there whole or not at all, and in {@code
 * pruned/} what the next removal deletes.
 *
 * @param removed what went, with its size in bytes
 */
public record Removal(Pruning pruning, Map<Item, Long> removed) {

  /** How large the folders are that would go. */
  public static Removal shown(Workspace workspace, Choice choice, Predicate<String> resumable)
      throws IOException {
    Pruning pruning = Pruning.of(workspace, choice, resumable);
    Map<Item, Long> sizes = new LinkedHashMap<>();
    for (Item item : pruning.goes()) {
      sizes.put(item, bytes(item.path()));
    }
    return new Removal(pruning, sizes);
  }

  /**
   * Decides and removes.
   *
   * @param onWait told in words who is waited for
   * @throws IllegalStateException if another process is removing
   */
  @SuppressWarnings("try") // the lock is held, not used
  public static Removal done(
      Workspace workspace, Choice choice, Predicate<String> resumable, Consumer<String> onWait)
      throws IOException {
    Path file = workspace.locks().resolve("prune.lock");
    try (ProcessLock alone =
        ProcessLock.tryAcquire(file)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Cannot prune %s: expected to be alone, got another process that does"
                            .formatted(workspace.root())))) {
      Map<Item, Path> moved = new LinkedHashMap<>();
      Pruning pruning;
      try (ProcessLock gate = OutputsInUse.gate(workspace, onWait)) {
        pruning = Pruning.of(workspace, choice, resumable);
        Path pruned = workspace.pruned().resolve(UUID.randomUUID().toString());
        for (Item item : pruning.goes()) {
          move(workspace, item, pruned).ifPresent(place -> moved.put(item, place));
        }
        link(workspace);
      }
      Map<Item, Long> removed = new LinkedHashMap<>();
      for (Map.Entry<Item, Path> entry : moved.entrySet()) {
        removed.put(entry.getKey(), bytes(entry.getValue()));
        FileTree.delete(entry.getValue());
      }
      FileTree.delete(workspace.pruned());
      return new Removal(pruning, removed);
    }
  }

  /** Where a folder was moved to; empty if someone has begun to use it all the same. */
  private static Optional<Path> move(Workspace workspace, Item item, Path pruned)
      throws IOException {
    if (item.path().startsWith(workspace.pruned())) {
      return Optional.of(item.path());
    }
    List<ProcessLock> locks = new ArrayList<>();
    try {
      if (!lock(workspace, item, locks)) {
        return Optional.empty();
      }
      Path place = pruned.resolve(workspace.root().relativize(item.path()));
      Files.createDirectories(place.getParent());
      Files.move(item.path(), place, StandardCopyOption.ATOMIC_MOVE);
      return Optional.of(place);
    } finally {
      for (ProcessLock lock : locks) {
        lock.close();
      }
    }
  }

  /** Takes what others hold while they work with a folder; false if one does. */
  private static boolean lock(Workspace workspace, Item item, List<ProcessLock> locks)
      throws IOException {
    if (item.output().isPresent()) {
      OutputId id = item.output().get();
      workspace.locks();
      ProcessLock.tryAcquire(workspace.lockOf(id.stage(), id.fingerprint())).ifPresent(locks::add);
      return !locks.isEmpty();
    }
    RunFolder tracked = new RunFolder(item.path());
    if (!Files.exists(tracked.journal())) {
      return true;
    }
    tracked.tryOwn().ifPresent(locks::add);
    tracked.trySend().ifPresent(locks::add);
    return locks.size() == 2;
  }

  /** The link to the newest run, where that has gone. */
  private static void link(Workspace workspace) throws IOException {
    Path latest = workspace.latest();
    if (!Files.exists(latest, LinkOption.NOFOLLOW_LINKS) || Files.exists(latest)) {
      return;
    }
    Optional<Path> newest = workspace.invocationStates().keySet().stream().findFirst();
    if (newest.isPresent()) {
      workspace.linkLatest(newest.get());
    } else {
      Files.delete(latest);
    }
  }

  /** Bytes of the files in a folder; of one that shrinks meanwhile, about so many. */
  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          bytes += Files.size(file);
        }
      }
      return bytes;
    } catch (NoSuchFileException | UncheckedIOException e) {
      return 0; // gone since
    }
  }

  /** Bytes of all of it. */
  public long bytes() {
    return removed.values().stream().mapToLong(size -> size).sum();
  }
}
