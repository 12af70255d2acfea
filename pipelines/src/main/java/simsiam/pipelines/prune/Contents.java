package simsiam.pipelines.prune;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.store.InvocationState;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.Workspace;

/**
 * What a workspace holds, as its records tell; no output is looked into.
 *
 * @param unbegun folders of runs that were killed before they began
 * @param pruned what an earlier removal was about to delete
 */
record Contents(
    Workspace workspace,
    List<Run> runs,
    List<Sweep> sweeps,
    SortedMap<OutputId, Output> outputs,
    List<Path> unbegun,
    List<Path> pruned) {
  /** Long enough for a process of an earlier release, which has no gate, to begin its run. */
  private static final long BEGINNING_SECONDS = 3600;

  private static final String FINGERPRINT = "[0-9a-f]{" + Fingerprint.SHORT + "}";

  /**
   * A run, as {@code simsiam run} and the points of sweeps leave them.
   *
   * @param reads the outputs that it was to make or to read
   * @param used when it last did anything
   */
  record Run(Path folder, String name, boolean running, Set<OutputId> reads, Instant used) {
    String id() {
      return folder.getFileName().toString();
    }
  }

  /**
   * A sweep.
   *
   * @param name whatever the base
   * @param points their ids, also of those that it has no longer
   * @param stale folders of points that it has no longer
   * @param reads the outputs of its points
   */
  record Sweep(
      Path folder,
      String name,
      Set<String> points,
      List<Path> stale,
      Set<OutputId> reads,
      Instant used) {
    String id() {
      return folder.getFileName().toString();
    }

    /** Whether a run is that of one of its points. */
    boolean owns(Run run) {
      return run.name().startsWith(id() + "-")
          && points.contains(run.name().substring(id().length() + 1));
    }
  }

  /**
   * One stage's output, finished or not, with what is beside it.
   *
   * @param reads the outputs that it is made of
   */
  record Output(
      OutputId id, Map<StageFolder.Kind, List<Path>> folders, Set<OutputId> reads, Instant used) {
    boolean has(StageFolder.Kind kind) {
      return folders.containsKey(kind);
    }

    List<Path> of(StageFolder.Kind kind) {
      return folders.getOrDefault(kind, List.of());
    }
  }

  private record Planned(
      @JsonProperty(required = true) String stage,
      @JsonProperty(required = true) String fingerprint) {}

  private record WrittenSweep(String name, String sweep, List<WrittenPoint> points) {}

  private record WrittenPoint(String id, Map<String, String> stages) {}

  /**
   * Reads a workspace.
   *
   * @throws IOException if what a run or a sweep reads cannot be known, as its record is damaged
   */
  static Contents of(Workspace workspace) throws IOException {
    Map<Path, InvocationState> states = workspace.invocationStates();
    List<Run> runs = new ArrayList<>();
    for (Map.Entry<Path, InvocationState> entry : states.entrySet()) {
      runs.add(run(entry.getKey(), entry.getValue()));
    }
    List<Path> unbegun = new ArrayList<>();
    for (Path folder : list(workspace.invocations())) {
      Instant begun = modified(folder);
      if (!states.containsKey(folder)
          && begun.isBefore(Instant.now().minusSeconds(BEGINNING_SECONDS))) {
        unbegun.add(folder);
      }
    }
    List<Sweep> sweeps = new ArrayList<>();
    for (Path folder : list(workspace.root().resolve("sweeps"))) {
      if (Files.exists(folder.resolve("sweep.json"))) {
        sweeps.add(sweep(folder, runs));
      }
    }
    return new Contents(
        workspace, runs, sweeps, outputs(workspace), unbegun, list(workspace.pruned()));
  }

  private static Run run(Path folder, InvocationState state) throws IOException {
    Set<OutputId> reads = new HashSet<>();
    Path plan = folder.resolve("plan.json");
    if (Files.exists(plan)) { // else it was killed before it did any work
      for (Planned planned : Json.read(plan, Planned[].class)) {
        reads.add(OutputId.of(planned.stage(), planned.fingerprint()));
      }
    }
    Instant used = Instant.parse(state.ended().isEmpty() ? state.started() : state.ended());
    Path log = folder.resolve("run.log");
    if (state.ended().isEmpty() && Files.exists(log)) {
      used = latest(used, modified(log));
    }
    return new Run(folder, state.name(), state.actual().equals("running"), reads, used);
  }

  private static Sweep sweep(Path folder, List<Run> runs) throws IOException {
    Path file = folder.resolve("sweep.json");
    WrittenSweep written = Json.read(file, WrittenSweep.class);
    Set<OutputId> reads = new HashSet<>();
    Set<String> points = new TreeSet<>();
    for (WrittenPoint point : written.points()) {
      points.add(point.id());
      point.stages().forEach((stage, print) -> reads.add(OutputId.of(stage, print)));
    }
    List<Path> stale = new ArrayList<>();
    Set<String> known = new HashSet<>();
    runs.forEach(run -> known.add(run.name()));
    for (Path point : list(folder.resolve("points"))) {
      String id = point.getFileName().toString();
      if (points.add(id) && !known.contains(folder.getFileName() + "-" + id)) {
        stale.add(point);
      }
    }
    String name = written.sweep() == null ? written.name() : written.sweep();
    Sweep sweep = new Sweep(folder, name, points, stale, reads, modified(file));
    Instant used = modified(file);
    for (Run run : runs) {
      used = sweep.owns(run) ? latest(used, run.used()) : used;
    }
    return new Sweep(folder, name, points, stale, reads, used);
  }

  private static SortedMap<OutputId, Output> outputs(Workspace workspace) throws IOException {
    SortedMap<OutputId, Map<StageFolder.Kind, List<Path>>> folders = new TreeMap<>();
    for (Path stage : list(workspace.stages())) {
      for (Path folder : list(stage)) {
        String print = folder.getFileName().toString().replaceFirst("\\..*", "");
        if (!print.matches(FINGERPRINT)) {
          continue; // nothing of the program's
        }
        folders
            .computeIfAbsent(
                new OutputId(stage.getFileName().toString(), print), id -> new HashMap<>())
            .computeIfAbsent(StageFolder.Kind.of(folder), kind -> new ArrayList<>())
            .add(folder);
      }
    }
    SortedMap<OutputId, Output> outputs = new TreeMap<>();
    for (OutputId id : folders.keySet()) {
      outputs.put(id, output(id, folders.get(id)));
    }
    return outputs;
  }

  private static Output output(OutputId id, Map<StageFolder.Kind, List<Path>> folders)
      throws IOException {
    Set<OutputId> reads = new HashSet<>();
    Instant used = Instant.EPOCH;
    for (List<Path> ofKind : folders.values()) {
      for (Path folder : ofKind) {
        Optional<StageInputs> inputs = StageFolder.inputs(folder);
        inputs.ifPresent(
            of -> of.upstream().forEach((stage, print) -> reads.add(OutputId.of(stage, print))));
        used = latest(used, modified(folder));
      }
    }
    return new Output(id, folders, reads, used);
  }

  /** The outputs, and all that they are made of, as far as they are there. */
  Set<OutputId> withUpstream(Set<OutputId> ids) {
    Set<OutputId> all = new HashSet<>();
    List<OutputId> open = new ArrayList<>(ids);
    while (!open.isEmpty()) {
      OutputId id = open.remove(open.size() - 1);
      if (all.add(id) && outputs.containsKey(id)) {
        open.addAll(outputs.get(id).reads());
      }
    }
    return all;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).sorted().collect(Collectors.toList());
    }
  }

  private static Instant modified(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toInstant();
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
