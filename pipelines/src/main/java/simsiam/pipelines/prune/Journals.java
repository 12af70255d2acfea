package simsiam.pipelines.prune;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.mlflow.spool.Backlog;
import simsiam.mlflow.spool.Delivery;
import simsiam.mlflow.spool.Entry;
import simsiam.mlflow.spool.JournalReader;
import simsiam.mlflow.spool.Located;
import simsiam.mlflow.spool.RunFolder;
import simsiam.mlflow.spool.Spool;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.store.Workspace;

/**
 * What a workspace has journalled for MLflow, and what of that no server has yet.
 *
 * @param byUid runs of the tracker
 * @param notes where it is noted which run made an output
 */
record Journals(Map<String, Journal> byUid, Map<OutputId, List<Note>> notes) {
  private static final Logger log = LoggerFactory.getLogger(Journals.class);

  /** A uid in {@code run-<folder>-<uid>}. */
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /**
   * One run.
   *
   * @param parent the uid of the run that it belongs to; empty: none
   * @param sent whether it has ended, and a server has all of it
   */
  record Journal(String uid, RunFolder folder, String parent, boolean sent) {}

  /** A file that names the run that made an output. */
  record Note(Path file, String uid) {}

  private record Told(String id) {}

  static Journals of(Workspace workspace) throws IOException {
    Path spool = workspace.root().resolve("tracking");
    Map<String, Journal> byUid = new HashMap<>();
    for (RunFolder run : new Spool(spool).runs()) {
      byUid.put(run.uid(), new Journal(run.uid(), run, parent(run), sent(run)));
    }
    Map<OutputId, List<Note>> notes = new HashMap<>();
    for (Path folder :
        List.of(spool.resolve("stages"), spool.resolve("stages").resolve("finished"))) {
      if (Files.isDirectory(folder)) {
        read(folder, notes);
      }
    }
    return new Journals(byUid, notes);
  }

  private static void read(Path folder, Map<OutputId, List<Note>> notes) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        int dash = name.lastIndexOf('-');
        if (dash > 0 && !name.startsWith(".")) {
          OutputId id = new OutputId(name.substring(0, dash), name.substring(dash + 1));
          Note note = new Note(file, Files.readString(file).strip());
          notes.computeIfAbsent(id, key -> new ArrayList<>()).add(note);
        }
      }
    }
  }

  private static String parent(RunFolder run) throws IOException {
    List<Located> lines = JournalReader.read(run.journal(), 0);
    return !lines.isEmpty() && lines.get(0).line().entry() instanceof Entry.Start start
        ? Optional.ofNullable(start.parentUid()).orElse("")
        : "";
  }

  private static boolean sent(RunFolder run) throws IOException {
    if (run.mayBeUnended()) {
      return false;
    }
    try (DirectoryStream<Path> servers = Files.newDirectoryStream(run.path(), "server-*")) {
      for (Path server : servers) {
        if (Backlog.of(run, new Delivery(server)).waiting() == 0) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      log.warn("Cannot see whether {} was sent, so it stays", run.path(), e);
      return false;
    }
  }

  /** Whether all that there is has been sent. */
  boolean allSent() {
    return byUid.values().stream().allMatch(Journal::sent);
  }

  /** Whether no server has all of a run, or of a stage of it. */
  boolean waits(Contents.Run run) {
    return anyWaits(uid -> isOf(uid, run));
  }

  /** Whether no server has all of a sweep or of one of its points. */
  boolean waits(Contents.Sweep sweep) throws IOException {
    String id = idOf(sweep);
    return !id.isEmpty() && anyWaits(uid -> uid.startsWith(id));
  }

  private boolean anyWaits(Predicate<String> owner) {
    return byUid.values().stream()
        .filter(journal -> !journal.sent())
        .anyMatch(journal -> lineage(journal.uid()).stream().anyMatch(owner));
  }

  /** The outputs whose tracked run no server has all of. */
  Set<OutputId> waiting() {
    Set<OutputId> waiting = new HashSet<>();
    notes.forEach(
        (id, made) -> {
          if (made.stream()
              .anyMatch(n -> byUid.containsKey(n.uid()) && !byUid.get(n.uid()).sent())) {
            waiting.add(id);
          }
        });
    return waiting;
  }

  /** A run and those that it belongs to. */
  private Set<String> lineage(String uid) {
    Set<String> all = new HashSet<>();
    String next = uid;
    while (!next.isEmpty() && all.add(next)) {
      next = byUid.containsKey(next) ? byUid.get(next).parent() : "";
    }
    return all;
  }

  /** The runs that belong to none of these. */
  List<Journal> without(List<Contents.Run> runs, List<Contents.Sweep> sweeps, Set<OutputId> outputs)
      throws IOException {
    Set<String> made = new HashSet<>();
    outputs.forEach(id -> notes.getOrDefault(id, List.of()).forEach(note -> made.add(note.uid())));
    Set<String> ids = new HashSet<>();
    for (Contents.Sweep sweep : sweeps) {
      ids.add(idOf(sweep));
    }
    ids.remove("");
    Predicate<String> needed =
        uid ->
            made.contains(uid)
                || ids.stream().anyMatch(uid::startsWith)
                || runs.stream().anyMatch(run -> isOf(uid, run));
    return byUid.values().stream()
        .filter(journal -> lineage(journal.uid()).stream().noneMatch(needed))
        .sorted((a, b) -> a.uid().compareTo(b.uid()))
        .toList();
  }

  private static boolean isOf(String uid, Contents.Run run) {
    String prefix = "run-" + run.id() + "-";
    return uid.startsWith(prefix) && uid.substring(prefix.length()).matches(UUID);
  }

  /** What the uids of all runs of a sweep begin with; empty if it was never tracked. */
  private static String idOf(Contents.Sweep sweep) throws IOException {
    Path file = sweep.folder().resolve("mlflow.json");
    return Files.exists(file) ? "sweep-" + Json.read(file, Told.class).id() : "";
  }
}
