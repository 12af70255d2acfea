package simsiam.pipelines.stages.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import simsiam.pipelines.report.SweepReport;
import simsiam.pipelines.report.SweepStudy;
import simsiam.pipelines.report.SweepStudy.State;
import simsiam.pipelines.result.RunReport;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.Versions;
import simsiam.pipelines.stage.store.StageFolder;
import simsiam.pipelines.stage.store.Workspace;

/**
 * Reports on sweeps, finished or not: from what {@code sweep.json} names, and what of that is in
 * the workspace now.
 */
public final class SweepReports {
  /** Name of the file that makes a folder that of a sweep. */
  public static final String SWEEP = "sweep.json";

  private static final String FOLDER = "report";
  private static final String SEED = "seed";

  private final Map<String, Stage> stages = new LinkedHashMap<>();
  private final Workspace workspace;
  private final Map<Path, Optional<RunReport.Output>> outputs = new HashMap<>();

  /**
   * Reports on sweeps of a workspace.
   *
   * @param stages all there are
   */
  public SweepReports(List<Stage> stages, Workspace workspace) {
    stages.forEach(stage -> this.stages.put(stage.name(), stage));
    this.workspace = workspace;
  }

  /** {@code sweep.json}, as far as the report needs it. */
  private record Written(
      @JsonProperty(required = true) String name,
      String sweep,
      String question,
      @JsonProperty(required = true) Map<String, List<String>> axes,
      List<String> axisOrder,
      @JsonProperty(required = true) List<String> measures,
      Map<String, String> paper,
      @JsonProperty(required = true) List<WrittenPoint> points,
      @JsonProperty(required = true) List<WrittenGroup> groups,
      List<WrittenLeftOut> leftOut) {
    /** The axes in the order of the sweep, which the file's maps have not. */
    List<String> order() {
      return axisOrder == null ? List.copyOf(axes.keySet()) : axisOrder;
    }
  }

  private record WrittenPoint(
      String id, List<Map<String, String>> labels, Map<String, String> stages) {
    boolean at(Map<String, String> place) {
      return labels.stream().map(SweepReports::withoutSeed).anyMatch(place::equals);
    }
  }

  /** As {@code failure.json} of a point has it. */
  private record WrittenFailure(String inputs, String cause) {}

  private record WrittenGroup(
      Map<String, String> labels, boolean baseline, Map<String, String> paper) {}

  private record WrittenLeftOut(Map<String, String> labels, String reason) {}

  /** The sweeps of a workspace by their folders, each with its name whatever the base. */
  public static Map<Path, String> all(Workspace workspace) throws IOException {
    Map<Path, String> names = new LinkedHashMap<>();
    Path folder = workspace.root().resolve("sweeps");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> sweeps = Files.list(folder)) {
        for (Path sweep : sweeps.sorted().toList()) {
          if (Files.exists(sweep.resolve(SWEEP))) {
            Written written = Json.read(sweep.resolve(SWEEP), Written.class);
            names.put(sweep, written.sweep() == null ? written.name() : written.sweep());
          }
        }
      }
    }
    return names;
  }

  /** The page that {@link #write} makes of a sweep's folder. */
  public static Path page(Path sweep) {
    return sweep.resolve(FOLDER).resolve(SweepReport.PAGE);
  }

  /** Whether there is a report of all that {@code sweep.json} has. */
  public static boolean isUpToDate(Path sweep) throws IOException {
    Path source = sweep.resolve(FOLDER).resolve(SWEEP);
    return Files.exists(source) && Files.mismatch(source, sweep.resolve(SWEEP)) == -1;
  }

  /**
   * Writes the report into the sweep's folder, in place of an earlier one.
   *
   * @param sweep folder of a sweep of the workspace
   * @return the files written
   */
  public List<Path> write(Path sweep) throws IOException {
    byte[] source = Files.readAllBytes(sweep.resolve(SWEEP));
    SweepStudy study = study(sweep);
    Path output = sweep.resolve(FOLDER);
    RunReports.replace(
        output,
        aside -> {
          SweepReport.write(study, aside);
          Files.write(aside.resolve(SWEEP), source); // by which isUpToDate knows
        });
    return RunReports.files(output);
  }

  private SweepStudy study(Path sweep) throws IOException {
    Written written = Json.read(sweep.resolve(SWEEP), Written.class);
    Map<String, SweepStudy.Point> points = new LinkedHashMap<>();
    for (WrittenPoint point : written.points()) {
      points.put(point.id(), point(sweep, point, written.order()));
    }
    List<SweepStudy.Group> groups = new ArrayList<>();
    for (WrittenGroup group : written.groups()) {
      List<SweepStudy.Point> members =
          written.points().stream()
              .filter(point -> point.at(group.labels()))
              .map(point -> points.get(point.id()))
              .toList();
      Map<String, String> paper = new LinkedHashMap<>();
      paper.putAll(group.paper() == null ? Map.of() : group.paper());
      String note = Optional.ofNullable(paper.remove("note")).orElse("");
      groups.add(new SweepStudy.Group(group.labels(), group.baseline(), members, paper, note));
    }
    Map<String, List<String>> axes = new LinkedHashMap<>();
    written.order().stream()
        .filter(axis -> !axis.equals(SEED))
        .forEach(axis -> axes.put(axis, written.axes().get(axis)));
    Map<String, String> leftOut = new LinkedHashMap<>();
    Optional.ofNullable(written.leftOut())
        .orElse(List.of())
        .forEach(left -> leftOut.put(text(left.labels(), written.order()), left.reason()));
    return new SweepStudy(
        written.name(),
        written.question() == null ? "" : written.question(),
        axes,
        written.measures(),
        written.paper() == null ? "" : written.paper().getOrDefault("setting", ""),
        List.copyOf(points.values()),
        groups,
        leftOut);
  }

  private SweepStudy.Point point(Path sweep, WrittenPoint point, List<String> order)
      throws IOException {
    List<RunReport.Output> there = new ArrayList<>();
    boolean whole = true;
    for (Stage stage : inOrder(point)) {
      Path folder = workspace.folder(stage.name(), point.stages().get(stage.name())).committed();
      Optional<RunReport.Output> output = output(stage, folder);
      output.ifPresent(there::add);
      whole &= output.isPresent();
    }
    Optional<WrittenFailure> failure =
        whole ? Optional.empty() : failure(sweep.resolve("points").resolve(point.id()));
    State state = whole ? State.DONE : failure.isPresent() ? State.FAILED : State.MISSING;
    String note = failure.map(WrittenFailure::cause).orElse("");
    String text = text(point.labels().get(0), order);
    return new SweepStudy.Point(point.id(), text, state, note, new RunReport(text, there, "", ""));
  }

  /** How a point failed; one of another program says nothing of this one, which would try again. */
  private static Optional<WrittenFailure> failure(Path point) throws IOException {
    Path file = point.resolve("failure.json");
    Path config = point.resolve("config.yaml");
    if (!Files.exists(file) || !Files.exists(config)) {
      return Optional.empty();
    }
    String inputs = Versions.digest(Files.readString(config));
    return Optional.of(Json.read(file, WrittenFailure.class))
        .filter(failure -> inputs.equals(failure.inputs()));
  }

  /** The stages of a point as they run. */
  private List<Stage> inOrder(WrittenPoint point) {
    List<String> unknown =
        point.stages().keySet().stream().filter(name -> !stages.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          "Cannot report on a sweep: expected stages of this release (%s), got %s (point %s)"
              .formatted(
                  String.join(", ", stages.keySet()), String.join(", ", unknown), point.id()));
    }
    return stages.values().stream()
        .filter(stage -> point.stages().containsKey(stage.name()))
        .toList();
  }

  private Optional<RunReport.Output> output(Stage stage, Path folder) throws IOException {
    if (!outputs.containsKey(folder)) {
      outputs.put(
          folder,
          StageFolder.report(stage, folder).map(report -> new RunReport.Output(folder, report)));
    }
    return outputs.get(folder);
  }

  private static Map<String, String> withoutSeed(Map<String, String> labels) {
    Map<String, String> place = new HashMap<>(labels);
    place.remove(SEED);
    return place;
  }

  private static String text(Map<String, String> labels, List<String> order) {
    String text =
        order.stream()
            .filter(labels::containsKey)
            .map(axis -> axis + "=" + labels.get(axis))
            .collect(Collectors.joining(" "));
    return text.isEmpty() ? "base" : text;
  }
}
