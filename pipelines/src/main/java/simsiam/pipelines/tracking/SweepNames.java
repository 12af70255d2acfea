package simsiam.pipelines.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.sweep.PlannedPoint;
import simsiam.pipelines.sweep.SweepResults.Group;
import simsiam.pipelines.sweep.grid.Point;

/**
 * What the runs of a sweep go by in MLflow: their uids, names and tags.
 *
 * @param sweep uid of the sweep's run
 * @param name of the sweep in its workspace
 */
record SweepNames(String sweep, String name) {
  static final String SEED = "seed";

  private static final int DIGITS = 8;
  private static final int LONGEST_NAME = 200;

  /** Where other inputs make other outputs, as of another base, the run is another one too. */
  String uid(PlannedPoint planned) {
    Map<String, String> stages = new TreeMap<>();
    planned.plan().selected().forEach(stage -> stages.put(stage.name(), stage.fingerprint()));
    return sweep + "-" + planned.point().id() + "-" + Fingerprint.of(stages).substring(0, DIGITS);
  }

  String uid(Group group) {
    Map<String, Object> inputs = new TreeMap<>();
    inputs.put("", group.labels());
    for (PlannedStage stage : group.rows().get(0).planned().plan().selected()) {
      SortedMap<String, Object> config = new TreeMap<>(stage.inputs().config());
      config.remove(SEED);
      inputs.put(stage.name(), List.of(config, stage.inputs().source()));
    }
    return sweep + "-group-" + Fingerprint.of(inputs).substring(0, DIGITS);
  }

  Map<String, String> tags(Point point) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("sweep.id", name);
    tags.put("sweep.point", point.id());
    tags.put("sweep.group", joined(point.labels().stream().map(SweepNames::place).toList()));
    for (String axis : point.labels().get(0).keySet()) {
      tags.put(tag(axis), joined(point.labels().stream().map(place -> place.get(axis)).toList()));
    }
    return tags;
  }

  /** The name of a run, which MLflow takes up to a length. */
  static String shown(String text) {
    String safe = Redaction.text(text);
    return safe.length() > LONGEST_NAME ? safe.substring(0, LONGEST_NAME - 1) + "…" : safe;
  }

  private static String joined(List<String> texts) {
    return texts.stream().distinct().collect(Collectors.joining(" | "));
  }

  /** A place but for the seed, in words. */
  static String place(Map<String, String> labels) {
    Map<String, String> others = new LinkedHashMap<>(labels);
    others.remove(SEED);
    return others.isEmpty() ? "base" : Point.text(others);
  }

  /** The tag of an axis, whose name may have signs that MLflow does not take. */
  static String tag(String axis) {
    return "sweep.axis." + axis.replaceAll("[^A-Za-z0-9_./ -]", "_");
  }
}
