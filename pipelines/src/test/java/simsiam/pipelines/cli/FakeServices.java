package simsiam.pipelines.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.stage.Invocation;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stage.Tracking;
import simsiam.pipelines.stage.Workspace;

/** A product of two stages, {@code train -> linear}, that write small files. */
final class FakeServices implements Services {
  /** What a stage does when it runs. */
  interface Body {
    StageResult run(StageContext context) throws Exception;
  }

  Body train = context -> StageResult.of("loss -0.8").with("final_loss", -0.8);
  Body linear = context -> StageResult.of("top-1 80.5 %").with("linear_top1", 80.5);
  final List<String> calls = new ArrayList<>();

  private record FakeStage(String name, List<String> upstream, List<String> configKeys, Body body)
      implements Stage {
    @Override
    public int version() {
      return 1;
    }

    @Override
    public StageResult run(StageContext context) throws Exception {
      Files.writeString(context.output().resolve("file"), context.runner().toString());
      return body.run(context);
    }
  }

  @Override
  public List<Stage> stages() {
    return List.of(
        new FakeStage("train", List.of(), List.of("train"), context -> train.run(context)),
        new FakeStage("linear", List.of("train"), List.of("linear"), c -> linear.run(c)));
  }

  @Override
  public Tracking tracking(
      LoadedConfig config, Workspace workspace, Invocation invocation, Consumer<String> notes) {
    calls.add("tracking");
    NoTracking none = new NoTracking();
    return new Tracking() {
      private boolean closed = false;

      @Override
      public StageTracking begin(String stage, String fingerprint, boolean continued) {
        return none;
      }

      @Override
      public void end(String stage, RunOutcome outcome) {
        calls.add(stage + " " + outcome);
      }

      @Override
      public void outcome(RunOutcome outcome, RunSummary summary) {
        calls.add("run " + outcome);
      }

      @Override
      public Optional<String> url() {
        return Optional.of("http://localhost:5000/#/run");
      }

      @Override
      public void close() {
        if (!closed) {
          calls.add("close");
        }
        closed = true;
      }
    };
  }

  @Override
  public void mlflow(Workspace workspace, int port, Output output) {
    output.line("serving " + workspace.root().getFileName() + " on " + port);
  }

  @Override
  public String sync(Workspace workspace) {
    return "sent 3 points";
  }

  @Override
  public List<Map<String, Object>> bench(String what) {
    return List.of(new TreeMap<>(Map.of("rate", 5, "what", what)));
  }

  @Override
  public List<Path> report(Workspace workspace, List<Path> invocations) {
    return invocations.stream().map(folder -> folder.resolve("report.html")).toList();
  }

  @Override
  public String engine() {
    throw new UnsatisfiedLinkError("no jnind4jcpu");
  }

  @Override
  public String tracker(Workspace workspace) {
    return "none";
  }
}
