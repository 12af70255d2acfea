package simsiam.pipelines.stage.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.plan.PlannedStage;
import simsiam.pipelines.stage.store.SuccessRecord;
import simsiam.pipelines.stage.store.SuccessRecord.OutputFile;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.stage.store.WrittenFiles;

/** The world of a stage at work. */
final class RunningStage implements StageContext {
  private final RunConfig config;
  private final PlannedStage planned;
  private final Path output;
  private final Path aside;
  private final Map<String, Upstream> upstream;
  private final Workspace workspace;
  private final RunnerOptions runner;
  private final Console console;
  private final StageTracking tracking;
  private final WrittenFiles written;
  private final long start = System.nanoTime();
  private final List<Consumer<Deadline>> onInterrupt = new ArrayList<>();
  private Optional<Deadline> interrupted = Optional.empty();

  /** A stage that this one reads, with the record of its output. */
  record Upstream(PlannedStage stage, SuccessRecord record) {}

  RunningStage(
      RunConfig config,
      PlannedStage planned,
      Path output,
      Map<String, Upstream> upstream,
      Workspace workspace,
      RunnerOptions runner,
      Console console,
      StageTracking tracking,
      WrittenFiles written) {
    this.config = config;
    this.planned = planned;
    this.output = output;
    this.aside = planned.folder().aside();
    this.upstream = Map.copyOf(upstream);
    this.workspace = workspace;
    this.runner = runner;
    this.console = console;
    this.tracking = tracking;
    this.written = written;
  }

  @Override
  public RunConfig config() {
    return config;
  }

  @Override
  public String fingerprint() {
    return planned.fingerprint();
  }

  @Override
  public String sourceDigest() {
    return planned.inputs().source();
  }

  @Override
  public Path cache() throws IOException {
    return workspace.cache();
  }

  @Override
  public Path shared() throws IOException {
    return workspace.shared(planned.stage());
  }

  @Override
  public Path output() {
    return output;
  }

  @Override
  public Path aside() {
    return aside;
  }

  @Override
  public Path data() {
    return workspace
        .store(planned.stage())
        .map(store -> store.folder(name(), fingerprint()))
        .orElse(output);
  }

  @Override
  public Path upstreamData(String stage) {
    String fingerprint = planned.inputs().upstream().get(stage);
    return fingerprint == null
        ? upstream(stage)
        : workspace
            .store(planned.stage())
            .map(store -> store.folder(stage, fingerprint))
            .orElseGet(() -> upstream(stage));
  }

  @Override
  public List<String> upstream() {
    return planned.stage().upstream().stream().filter(upstream::containsKey).toList();
  }

  @Override
  public Path upstream(String stage) {
    return declared(stage).stage().folder().committed();
  }

  @Override
  public StageReport upstreamReport(String stage) throws IOException {
    Upstream declared = declared(stage);
    return declared.stage().wholeReport(declared.record());
  }

  private Upstream declared(String stage) {
    Upstream declared = upstream.get(stage);
    if (declared == null) {
      throw new IllegalArgumentException(
          String.format(
              "Cannot read the output of %s: expected one of %s, which stage %s declares",
              stage, planned.inputs().upstream().keySet(), planned.name()));
    }
    return declared;
  }

  @Override
  public void written(String name, long bytes, String sha256) throws IOException {
    written.add(output, name, new OutputFile(bytes, sha256));
  }

  @Override
  public RunnerOptions runner() {
    return runner;
  }

  @Override
  public Progress progress(String unit, long total) {
    return console.progress(planned.name(), unit, total);
  }

  @Override
  public void note(String line) {
    console.note(line);
  }

  @Override
  public StageTracking tracking() {
    return tracking;
  }

  @Override
  public void onInterrupt(Consumer<Deadline> action) {
    Optional<Deadline> before;
    synchronized (onInterrupt) {
      onInterrupt.add(action);
      before = interrupted;
    }
    before.ifPresent(action);
  }

  /** Seconds since the stage began. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  String name() {
    return planned.name();
  }

  /** Tells the stage that the process ends. */
  void interrupt(Deadline deadline) {
    List<Consumer<Deadline>> actions;
    synchronized (onInterrupt) {
      interrupted = Optional.of(deadline);
      actions = List.copyOf(onInterrupt);
    }
    actions.forEach(action -> action.accept(deadline));
  }
}
