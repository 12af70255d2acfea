package simsiam.pipelines.stage.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.StageInputs;
import simsiam.pipelines.stage.store.OutputFiles;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.Workspace;

/** Decides which stages have to run, and says why. Changes nothing but the cache of digests. */
public final class Planner {
  private static final String NOT_SELECTED = "not selected";

  private final StageGraph all;
  private final Workspace workspace;
  private final Planning planning;

  /** Plans runs of which each has those of the stages that its configuration asks for. */
  public Planner(StageGraph all, Workspace workspace) {
    this(all, workspace, Planning.here());
  }

  /** The same, with the work that this is. */
  public Planner(StageGraph all, Workspace workspace, Planning planning) {
    this.all = all;
    this.workspace = workspace;
    this.planning = planning;
  }

  /**
   * The plan for a configuration.
   *
   * @throws simsiam.pipelines.config.load.ConfigException if a selected stage sees that it cannot
   *     work
   * @throws IllegalArgumentException if the selection names no stage of the graph
   */
  public Plan plan(LoadedConfig loaded, Selection selection) throws IOException {
    StageGraph graph = all.of(loaded.config());
    Set<String> selected = selection.of(graph);
    check(loaded, graph, selected);
    Wanted wanted = new Wanted(graph, selected, selection, new HashMap<>());
    Map<String, PlannedStage> planned = plan(loaded, wanted);
    if (findDamage(planned, wanted)) {
      planned = plan(loaded, wanted);
    }
    Plan plan = new Plan(selected.stream().map(planned::get).toList(), planned);
    checkInputs(loaded, plan);
    return plan;
  }

  private Map<String, PlannedStage> plan(LoadedConfig loaded, Wanted wanted) throws IOException {
    Map<String, PlannedStage> planned = new LinkedHashMap<>();
    for (Stage stage : wanted.graph().stages()) {
      planned.put(stage.name(), plan(stage, loaded, planned, wanted));
    }
    return planned;
  }

  /**
   * Reads every byte of the outputs that took long to make and are about to be read: damage to them
   * is better found before anything is begun. Whether there is any.
   */
  private boolean findDamage(Map<String, PlannedStage> planned, Wanted wanted) throws IOException {
    for (PlannedStage stage : planned.values()) {
      boolean read =
          planned.values().stream()
              .anyMatch(
                  reader -> reader.runs() && reader.inputs().upstream().containsKey(stage.name()));
      if (read && stage.state() == StageState.CACHED && stage.stage().resumable()) {
        SuccessRecord record = stage.last().orElseThrow();
        OutputFiles.anyDamage(stage.folder().committed(), record.files())
            .ifPresent(damage -> wanted.damage().put(stage.name(), damage));
      }
    }
    return !wanted.damage().isEmpty();
  }

  private static void check(LoadedConfig loaded, StageGraph graph, Set<String> selected) {
    Set<Violation> violations = new LinkedHashSet<>();
    for (String name : selected) {
      violations.addAll(graph.stage(name).check(loaded.config(), selected));
    }
    if (!violations.isEmpty()) {
      throw loaded.invalid(List.copyOf(violations));
    }
  }

  private static void checkInputs(LoadedConfig loaded, Plan plan) {
    Set<Violation> violations = new LinkedHashSet<>(); // two stages may find the same
    for (PlannedStage stage : plan.selected()) {
      if (stage.runs()) {
        Map<String, Path> upstream = new TreeMap<>();
        for (String name : stage.inputs().upstream().keySet()) {
          PlannedStage read = plan.all().get(name);
          if (read.state() == StageState.CACHED) {
            upstream.put(name, read.folder().committed());
          }
        }
        violations.addAll(stage.stage().checkInputs(loaded.config(), upstream));
      }
    }
    if (!violations.isEmpty()) {
      throw loaded.invalid(List.copyOf(violations));
    }
  }

  private PlannedStage plan(
      Stage stage, LoadedConfig loaded, Map<String, PlannedStage> planned, Wanted wanted)
      throws IOException {
    StageInputs inputs = inputs(stage, loaded.config(), planned, wanted);
    StageFolder folder = workspace.folder(stage.name(), inputs.fingerprint());
    Optional<SuccessRecord> record = folder.success();
    Optional<String> damage =
        Optional.ofNullable(wanted.damage().get(stage.name())).or(() -> folder.damage(record));
    Optional<SuccessRecord> output = damage.isPresent() ? Optional.empty() : record;
    Decision decision = decide(stage, output, planned, wanted);
    String reason = decision.reason();
    if (damage.isPresent() && reason.equals(NOT_SELECTED)) {
      reason = NOT_SELECTED + ", output damaged: " + damage.get();
    }
    if (reason.isEmpty() && decision.state() == StageState.RUN) {
      reason =
          damage
              .map(d -> "output damaged: " + d + (stage.resumable() ? "; continues" : ""))
              .orElse(why(stage, inputs, folder));
    }
    return new PlannedStage(
        stage,
        inputs,
        inputs.fingerprint(),
        folder,
        decision.state(),
        reason,
        decision.keepIfSame(),
        output);
  }

  /**
   * The user's choice of stages.
   *
   * @param graph the stages of the run
   * @param damage that was found in outputs, by stage
   */
  private record Wanted(
      StageGraph graph, Set<String> selected, Selection selection, Map<String, String> damage) {}

  /** To run for an empty reason: there is no output, and it remains to be said why. */
  private record Decision(StageState state, String reason, boolean keepIfSame) {
    Decision(StageState state, String reason) {
      this(state, reason, false);
    }
  }

  private static Decision decide(
      Stage stage,
      Optional<SuccessRecord> output,
      Map<String, PlannedStage> planned,
      Wanted wanted) {
    if (!wanted.selected().contains(stage.name())) {
      return new Decision(
          output.isPresent() ? StageState.CACHED : StageState.BLOCKED, NOT_SELECTED);
    }
    List<PlannedStage> upstream =
        wanted.graph().upstream(stage).stream().map(planned::get).toList();
    String missing = names(upstream, read -> read.state() == StageState.BLOCKED);
    if (!missing.isEmpty()) {
      return new Decision(StageState.BLOCKED, "needs the output of " + missing);
    }
    if (wanted.selection().forces(stage.name())) {
      return new Decision(StageState.FORCED, "forced");
    }
    if (output.isEmpty()) {
      return new Decision(StageState.RUN, "");
    }
    String again = names(upstream, PlannedStage::runs);
    if (!again.isEmpty()) {
      String reason = again + " runs again; kept if that gives the same output";
      return new Decision(StageState.RUN, reason, true);
    }
    String changed = names(upstream, read -> !unchanged(read, output.get()));
    return changed.isEmpty()
        ? new Decision(StageState.CACHED, "")
        : new Decision(StageState.RUN, "the output of " + changed + " is another one now");
  }

  /** Whether the output of an upstream stage is the one that was read for {@code reader}. */
  static boolean unchanged(PlannedStage upstream, SuccessRecord reader) {
    // An output that was deleted since is not needed by those who have read it.
    return upstream
        .last()
        .map(SuccessRecord::outputDigest)
        .map(digest -> digest.equals(reader.upstreamOutputs().get(upstream.name())))
        .orElse(true);
  }

  private static String names(List<PlannedStage> stages, Predicate<PlannedStage> which) {
    return stages.stream().filter(which).map(PlannedStage::name).collect(Collectors.joining(", "));
  }

  private StageInputs inputs(
      Stage stage, RunConfig config, Map<String, PlannedStage> planned, Wanted wanted)
      throws IOException {
    SortedMap<String, String> upstream = new TreeMap<>();
    for (String name : wanted.graph().upstream(stage)) {
      upstream.put(name, planned.get(name).fingerprint());
    }
    SortedMap<String, Object> slice = ConfigValues.slice(config, stage.configKeys());
    String source = source(stage, config, slice, wanted);
    return new StageInputs(stage.name(), stage.version(), slice, upstream, source);
  }

  /** The source's digest; that of the last time if the source is gone and not to be read. */
  private String source(
      Stage stage, RunConfig config, SortedMap<String, Object> slice, Wanted wanted)
      throws IOException {
    try {
      PipelineContext context = new PlanningStage(stage, workspace, workspace.cache(), planning);
      return stage.sourceDigest(config, context).orElse("");
    } catch (IOException | UncheckedIOException | InvalidConfigException e) {
      if (wanted.selected().contains(stage.name())) {
        throw e;
      }
      for (SuccessRecord record : workspace.committed(stage.name())) {
        if (Json.canonical(record.inputs().config()).equals(Json.canonical(slice))) {
          return record.inputs().source();
        }
      }
      throw e;
    }
  }

  /** Why there is no output for these inputs. */
  private String why(Stage stage, StageInputs inputs, StageFolder folder) throws IOException {
    if (folder.interrupted()) {
      boolean continues = stage.resumable();
      return "did not finish last time; " + (continues ? "continues" : "starts again");
    }
    Optional<StageInputs> last = workspace.lastInputs(inputs.stage(), inputs.fingerprint());
    return last.map(earlier -> String.join(", ", inputs.changesSince(earlier))).orElse("never run");
  }
}
