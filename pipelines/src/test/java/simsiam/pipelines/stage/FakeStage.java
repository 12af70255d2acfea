package simsiam.pipelines.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import simsiam.model.config.Violation;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.result.StageReport;

/** A stage that writes a small file and counts its runs; what it does can be set from outside. */
final class FakeStage implements Stage {
  /** What a stage does when it runs. */
  interface Body {
    StageReport run(StageContext context) throws Exception;
  }

  private final String name;
  private final List<String> upstream;
  private final List<String> keys;
  int version = 1;
  boolean resumable = false;
  boolean continuable = true;
  String source = "";
  String enabledBy = "";
  List<Violation> violations = List.of();
  Body body = FakeStage::concatenate;
  int runs = 0;

  FakeStage(String name, List<String> upstream, String... keys) {
    this.name = name;
    this.upstream = upstream;
    this.keys = List.of(keys);
  }

  /** Writes the fingerprint of what was read: the seed and the upstream outputs. */
  private static StageReport concatenate(StageContext context) throws Exception {
    Files.writeString(context.output().resolve("data.txt"), "seed " + context.config().seed());
    return SomeReport.of("done");
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public List<String> upstream() {
    return upstream;
  }

  @Override
  public List<String> configKeys() {
    return new ArrayList<>(keys);
  }

  @Override
  public boolean enabled(RunConfig config) {
    return enabledBy.isEmpty() || config.name().contains(enabledBy);
  }

  @Override
  public String enabledBy() {
    return enabledBy;
  }

  @Override
  public boolean resumable() {
    return resumable;
  }

  @Override
  public void requireContinuable(Path output) {
    if (!continuable) {
      throw new IllegalStateException("nothing left in " + output.getFileName());
    }
  }

  @Override
  public Optional<String> sourceDigest(RunConfig config, PipelineContext context) {
    return source.isEmpty() ? Optional.empty() : Optional.of(source);
  }

  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    return violations;
  }

  @Override
  public StageReport run(StageContext context) throws Exception {
    runs++;
    return body.run(context);
  }
}
