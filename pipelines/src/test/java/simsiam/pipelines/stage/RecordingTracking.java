package simsiam.pipelines.stage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput;

/** Keeps what a run would have tracked. */
public final class RecordingTracking implements Tracking, StageTracking {
  public final List<String> events = new ArrayList<>();
  List<String> planned = List.of();

  @Override
  public StageTracking begin(String stage, String fingerprint, boolean continued) {
    events.add("begin " + stage);
    return this;
  }

  @Override
  public void planned(Map<String, String> fingerprints) {
    planned = List.copyOf(fingerprints.keySet());
  }

  @Override
  public void end(String stage, RunOutcome outcome, Optional<Throwable> cause) {
    events.add("end " + stage + " " + outcome + cause.map(e -> ": " + e.getMessage()).orElse(""));
  }

  @Override
  public void outcome(RunOutcome outcome, RunSummary summary) {
    events.add("outcome " + outcome);
  }

  @Override
  public Optional<String> url() {
    return Optional.empty();
  }

  @Override
  public void close() {
    events.add("close");
  }

  @Override
  public void param(String name, String value) {
    events.add("param " + name + "=" + value);
  }

  @Override
  public void metric(String name, double value, long step) {
    events.add("metric " + name + "=" + value + "@" + step);
  }

  @Override
  public void tag(String name, String value) {
    events.add("tag " + name + "=" + value);
  }

  @Override
  public void artifact(Path file, String folder) {
    events.add("artifact " + folder + "/" + file.getFileName());
  }

  @Override
  public void image(String key, long step, byte[] png) {
    events.add("image " + key + "@" + step);
  }

  @Override
  public void dataset(DatasetInput input) {
    events.add("dataset " + input.name());
  }

  @Override
  public void model(ModelOutput model) {
    events.add("model " + model.name());
  }

  @Override
  public void uses(String stage, String model) {
    events.add("uses " + stage + "/" + model);
  }

  @Override
  public void measure(String name, double value, long step) {
    events.add("measure " + name + "=" + value + "@" + step);
  }

  @Override
  public void persist() {}
}
