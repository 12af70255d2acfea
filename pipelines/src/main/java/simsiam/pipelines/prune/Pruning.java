package simsiam.pipelines.prune;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import simsiam.pipelines.config.load.Suggestions;
import simsiam.pipelines.prune.Contents.Output;
import simsiam.pipelines.prune.Contents.Run;
import simsiam.pipelines.prune.Contents.Sweep;
import simsiam.pipelines.stage.store.StageFolder.Kind;
import simsiam.pipelines.stage.store.Workspace;

/**
 * What goes and what stays though it was chosen. A run or a sweep that stays keeps every output
 * that it reads, however far upstream; so does what is at work, and what MLflow has not been sent
 * yet.
 *
 * @param goes in the order in which it is removed: outputs before the runs that name them, so that
 *     what a kill leaves can be chosen again
 * @param orphans finished or resumable outputs that no run or sweep names, and that stay
 */
public record Pruning(List<Item> goes, List<Kept> kept, int orphans) {
  /** What the tracking data of a run is called, of which a workspace has many. */
  public static final String TRACKING = "tracking data, sent";

  private static final String UNSENT = "not sent to MLflow yet";
  private static final String AT_WORK = "at work";

  public Pruning {
    goes = List.copyOf(goes);
    kept = List.copyOf(kept);
  }

  /**
   * A folder that goes.
   *
   * @param output whose lock is to be had before it may go; empty: none
   */
  public record Item(String what, Path path, Optional<Instant> used, Optional<OutputId> output) {}

  /** A folder that was chosen and stays. */
  public record Kept(String what, Path path, String reason) {
    /** Whether it may go once the tracker's server has it. */
    public boolean waitsForMlflow() {
      return reason.equals(UNSENT);
    }
  }

  /**
   * Decides. Behind the gate of {@link OutputsInUse} the outcome holds until the gate is left.
   *
   * @param resumable whether a stage goes on with what an interrupted run left
   * @throws IllegalArgumentException if a name is that of no run or sweep, or of several sweeps
   */
  public static Pruning of(Workspace workspace, Choice choice, Predicate<String> resumable)
      throws IOException {
    Contents contents = Contents.of(workspace);
    return new Decision(contents, Journals.of(workspace), choice, resumable).made();
  }

  /** The way to it. */
  private static final class Decision {
    private final Contents contents;
    private final Journals journals;
    private final Choice choice;
    private final Predicate<String> resumable;
    private final OutputsInUse.Used used;
    private final Instant cutoff;
    private final Set<Run> runs = new LinkedHashSet<>();
    private final Set<Sweep> sweeps = new LinkedHashSet<>();
    private final Set<OutputId> needed = new HashSet<>();
    private final Set<OutputId> gone = new HashSet<>();
    private final Map<OutputId, Boolean> locked = new HashMap<>();
    private final Map<Path, Kept> kept = new LinkedHashMap<>();
    private int orphans;

    Decision(Contents contents, Journals journals, Choice choice, Predicate<String> resumable)
        throws IOException {
      this.contents = contents;
      this.journals = journals;
      this.choice = choice;
      this.resumable = resumable;
      this.used = OutputsInUse.read(contents.workspace(), false);
      this.cutoff = choice.olderThan().map(Instant.now()::minus).orElse(Instant.MAX);
    }

    Pruning made() throws IOException {
      chooseSweeps();
      chooseRuns();
      protect();
      Set<OutputId> chosen = new HashSet<>();
      runs.forEach(run -> chosen.addAll(run.reads()));
      sweeps.forEach(sweep -> chosen.addAll(sweep.reads()));
      need();
      List<Item> goes = outputs(contents.withUpstream(chosen));
      runs.forEach(
          run ->
              goes.add(new Item("run", run.folder(), Optional.of(run.used()), Optional.empty())));
      sweeps.forEach(
          sweep ->
              goes.add(
                  new Item("sweep", sweep.folder(), Optional.of(sweep.used()), Optional.empty())));
      goes.addAll(journals());
      goes.addAll(leftovers());
      return new Pruning(goes, List.copyOf(kept.values()), orphans);
    }

    private void chooseSweeps() {
      Set<String> unknown = new TreeSet<>(choice.sweeps());
      for (Sweep sweep : contents.sweeps()) {
        boolean named = choice.sweeps().contains(sweep.id());
        if (choice.sweeps().contains(sweep.name()) && !named) {
          requireOne(sweep.name());
          named = true;
        }
        unknown.remove(sweep.id());
        unknown.remove(sweep.name());
        boolean all = !choice.names() && choice.olderThan().isPresent();
        if ((named || all) && sweep.used().isBefore(cutoff)) {
          sweeps.add(sweep);
        }
      }
      requireNone("sweep", unknown, contents.sweeps().stream().map(Sweep::id).toList());
    }

    private void requireOne(String name) {
      List<String> same =
          contents.sweeps().stream()
              .filter(sweep -> sweep.name().equals(name))
              .map(Sweep::id)
              .toList();
      if (same.size() > 1) {
        throw new IllegalArgumentException(
            "Cannot prune sweep %s: expected one of that name, got %s"
                .formatted(name, String.join(", ", same)));
      }
    }

    private void requireNone(String what, Set<String> unknown, List<String> known) {
      if (!unknown.isEmpty()) {
        String name = unknown.iterator().next();
        throw new IllegalArgumentException(
            "Cannot prune %s %s: expected a %s of %s, got none of that name%s"
                .formatted(
                    what,
                    name,
                    what,
                    contents.workspace().root(),
                    Suggestions.didYouMean(name, new TreeSet<>(known))));
      }
    }

    private void chooseRuns() {
      Set<String> unknown = new TreeSet<>(choice.runs());
      contents.runs().forEach(run -> unknown.remove(run.id()));
      contents.runs().forEach(run -> unknown.remove(run.name()));
      requireNone("run", unknown, contents.runs().stream().map(Run::name).toList());
      Map<String, Integer> seen = new HashMap<>();
      List<Run> newestFirst = new ArrayList<>(contents.runs());
      newestFirst.sort(Comparator.comparing(Run::id).reversed());
      for (Run run : newestFirst) {
        boolean ofSweep = sweeps.stream().anyMatch(sweep -> sweep.owns(run));
        boolean named = choice.runs().contains(run.name()) || choice.runs().contains(run.id());
        boolean chosen = ofSweep || (choice.names() ? named : choice.any());
        boolean last = !ofSweep && seen.merge(run.name(), 1, Integer::sum) <= choice.keepLast();
        if (chosen && !last && run.used().isBefore(cutoff)) {
          runs.add(run);
        }
      }
    }

    /** Takes out of the choice what must not go. */
    private void protect() throws IOException {
      for (Sweep sweep : List.copyOf(sweeps)) {
        List<Run> own = contents.runs().stream().filter(sweep::owns).toList();
        boolean works = inUse(sweep.folder()) || own.stream().anyMatch(this::works);
        if (works || journals.waits(sweep) || own.stream().anyMatch(journals::waits)) {
          sweeps.remove(sweep);
          stays("sweep", sweep.folder(), works ? AT_WORK : UNSENT);
        }
      }
      for (Run run : List.copyOf(runs)) {
        boolean waits = journals.waits(run);
        boolean with = false;
        for (Sweep sweep : contents.sweeps()) {
          waits |= sweep.owns(run) && journals.waits(sweep);
          with |= sweep.owns(run) && kept.containsKey(sweep.folder());
        }
        if (works(run) || waits || with) {
          runs.remove(run);
          String reason = works(run) ? AT_WORK : waits ? UNSENT : "its sweep stays";
          stays("run", run.folder(), reason);
        }
      }
    }

    private boolean works(Run run) {
      return run.running() || inUse(run.folder());
    }

    private boolean inUse(Path folder) {
      return used.folders().contains(contents.workspace().root().relativize(folder).toString());
    }

    private void stays(String what, Path folder, String reason) {
      kept.put(folder, new Kept(what, folder, reason));
    }

    /** What those that stay read. */
    private void need() {
      Set<OutputId> roots = new HashSet<>(used.outputs());
      contents.runs().stream()
          .filter(run -> !runs.contains(run))
          .forEach(run -> roots.addAll(run.reads()));
      contents.sweeps().stream()
          .filter(sweep -> !sweeps.contains(sweep))
          .forEach(sweep -> roots.addAll(sweep.reads()));
      roots.addAll(journals.waiting());
      needed.addAll(contents.withUpstream(roots));
    }

    private List<Item> outputs(Set<OutputId> chosen) throws IOException {
      List<Item> goes = new ArrayList<>();
      boolean again = true;
      while (again) { // as one that is being made keeps what it reads
        again = false;
        goes.clear();
        gone.clear();
        orphans = 0;
        for (Output output : contents.outputs().values()) {
          List<Item> items = items(output, chosen);
          if (items.isEmpty() || !isLocked(output.id())) {
            goes.addAll(items);
          } else if (!needed.contains(output.id())) {
            needed.addAll(contents.withUpstream(Set.of(output.id())));
            stays("output of " + output.id().stage(), items.get(0).path(), "being made");
            again = true;
          }
        }
      }
      return goes;
    }

    private boolean isLocked(OutputId id) throws IOException {
      if (!locked.containsKey(id)) {
        Path file = contents.workspace().lockOf(id.stage(), id.fingerprint());
        locked.put(id, OutputsInUse.isHeld(file));
      }
      return locked.get(id);
    }

    private List<Item> items(Output output, Set<OutputId> chosen) {
      boolean keep = needed.contains(output.id());
      boolean goes = !keep && (chosen.contains(output.id()) || isOld(output));
      boolean resumes = resumable.test(output.id().stage());
      boolean orphan = !keep && !goes && (output.has(Kind.OUTPUT) || resumes);
      orphans += orphan ? 1 : 0;
      String stage = output.id().stage();
      List<Item> items = new ArrayList<>();
      if (goes) {
        gone.add(output.id());
        add(items, "output of " + stage, output, Kind.OUTPUT);
      }
      if (goes || !resumes) {
        add(items, "unfinished " + stage, output, Kind.PARTIAL);
      }
      // Once there is an output, nothing goes on with what was set aside.
      if (goes || (keep && output.has(Kind.OUTPUT)) || !resumes) {
        add(items, stage + ", set aside", output, Kind.ASIDE);
      }
      add(items, stage + ", replaced", output, Kind.REPLACED);
      return items;
    }

    /** Whether it was not used for as long as the user says, whoever made it. */
    private boolean isOld(Output output) {
      return !choice.names() && choice.olderThan().isPresent() && output.used().isBefore(cutoff);
    }

    private static void add(List<Item> items, String what, Output output, Kind kind) {
      for (Path folder : output.of(kind)) {
        items.add(new Item(what, folder, Optional.of(output.used()), Optional.of(output.id())));
      }
    }

    /**
     * Journals of runs that are no more; while anything waits or works, others may lean on them.
     */
    private List<Item> journals() throws IOException {
      boolean idle =
          used.nothing() && contents.runs().stream().noneMatch(Run::running) && journals.allSent();
      if (!idle) {
        return List.of();
      }
      Set<OutputId> stay = new HashSet<>(contents.outputs().keySet());
      stay.removeAll(gone);
      List<Run> runsLeft = contents.runs().stream().filter(run -> !runs.contains(run)).toList();
      List<Sweep> sweepsLeft =
          contents.sweeps().stream().filter(sweep -> !sweeps.contains(sweep)).toList();
      return journals.without(runsLeft, sweepsLeft, stay).stream()
          .map(
              journal ->
                  new Item(TRACKING, journal.folder().path(), Optional.empty(), Optional.empty()))
          .toList();
    }

    private List<Item> leftovers() {
      return Stream.concat(
              Stream.concat(
                  contents.unbegun().stream().map(folder -> left("run that never began", folder)),
                  contents.pruned().stream().map(folder -> left("removed before", folder))),
              contents.sweeps().stream()
                  .filter(sweep -> !sweeps.contains(sweep) && !inUse(sweep.folder()))
                  .flatMap(sweep -> sweep.stale().stream())
                  .map(folder -> left("point of no sweep", folder)))
          .toList();
    }

    private static Item left(String what, Path folder) {
      return new Item(what, folder, Optional.empty(), Optional.empty());
    }
  }
}
