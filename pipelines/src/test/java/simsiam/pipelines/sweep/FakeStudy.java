package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import simsiam.pipelines.config.load.ConfigException;
import simsiam.pipelines.result.SomeReport;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.FakeRun;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageGraph;
import simsiam.pipelines.stage.plan.Planning;
import simsiam.pipelines.stage.run.StageFailedException;
import simsiam.pipelines.stage.store.Workspace;
import simsiam.pipelines.sweep.grid.Sweep;
import simsiam.pipelines.sweep.grid.SweepArguments;

/**
 * Sweeps of the quickstart over three fake stages, {@code data -> pretrain -> knn}, whose children
 * are threads. Two that make the same output at once fail, as the workspace locks it.
 */
final class FakeStudy {
  static final Path CONF = Path.of("..", "conf").toAbsolutePath().normalize();

  /** What a stage does when it runs. */
  interface Body {
    StageReport run(StageContext context) throws Exception;
  }

  /** A fate: the machine is gone, and the child with it. */
  static final int LOST = -1;

  /** What a child does in place of running its stages: its exit code, 0 to run them. */
  interface Fate {
    int of(PlannedPoint point) throws Exception;
  }

  final Workspace workspace;
  final List<String> made = Collections.synchronizedList(new ArrayList<>());
  final List<String> told = new ArrayList<>();
  Body pretrain = context -> SomeReport.of("", "collapsed", false);
  Body knn = context -> SomeReport.of("", "knn_top1", 50.0 + context.config().seed());
  Fate fate = point -> 0;

  /** Children that can be at work at a time; negative: there is no machine any more. */
  int machines = 99;

  final StageGraph graph =
      new StageGraph(
          List.of(
              new Fake("data", List.of(), List.of("dataset"), c -> SomeReport.of("")),
              new Fake("pretrain", List.of("data"), List.of("seed", "train"), c -> pretrain.run(c)),
              new Fake("knn", List.of("pretrain"), List.of("knn"), c -> knn.run(c))));

  FakeStudy(Path folder) {
    workspace = new Workspace(folder);
  }

  private final class Fake implements Stage {
    private final String name;
    private final List<String> upstream;
    private final List<String> keys;
    private final Body body;

    Fake(String name, List<String> upstream, List<String> keys, Body body) {
      this.name = name;
      this.upstream = upstream;
      this.keys = keys;
      this.body = body;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public List<String> upstream() {
      return upstream;
    }

    @Override
    public List<String> configKeys() {
      return keys;
    }

    @Override
    public boolean writesData() {
      return name.equals("data");
    }

    @Override
    public StageReport run(StageContext context) throws Exception {
      made.add(name);
      Files.writeString(context.output().resolve("file"), name + context.config().seed());
      return body.run(context);
    }
  }

  /** A child that is a thread. */
  private final class FakeChild implements Child {
    private final Thread thread;
    private volatile int exit;

    FakeChild(PlannedPoint point, PointFolder folder) {
      thread = new Thread(() -> exit = run(point, folder));
      thread.start();
    }

    private int run(PlannedPoint point, PointFolder folder) {
      try {
        int code = fate.of(point);
        if (code == 0) {
          FakeRun.of(graph, workspace, point.point().config());
        }
        return code;
      } catch (StageFailedException e) {
        complain(folder, e.getCause());
        return e.getCause() instanceof InterruptedException ? 143 : 3;
      } catch (InterruptedException e) {
        return 143;
      } catch (Exception e) {
        complain(folder, e);
        return 2;
      }
    }

    private void complain(PointFolder folder, Throwable cause) {
      try {
        Files.writeString(
            folder.log(),
            "a line\nerror: " + cause.getMessage() + "\nerror: because: of it\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public OptionalInt exit() {
      return thread.isAlive() || exit == LOST ? OptionalInt.empty() : OptionalInt.of(exit);
    }

    @Override
    public boolean isLost() {
      return !thread.isAlive() && exit == LOST;
    }

    @Override
    public String machine() {
      return "elsewhere";
    }

    @Override
    public void terminate() {
      thread.interrupt();
    }

    @Override
    public boolean await(long millis) throws InterruptedException {
      thread.join(millis);
      return !thread.isAlive();
    }

    @Override
    public void kill() {
      throw new AssertionError("A thread cannot be killed");
    }
  }

  private final class FakeMachines implements Child.Starter {
    private final List<FakeChild> started = new ArrayList<>();

    @Override
    public Child start(PlannedPoint point, PointFolder folder, int slot) {
      started.add(new FakeChild(point, folder));
      return started.get(started.size() - 1);
    }

    @Override
    public boolean isReady() throws Child.NoMachineException {
      if (machines < 0) {
        throw new Child.NoMachineException("none is left");
      }
      return started.stream().filter(child -> child.thread.isAlive()).count() < machines;
    }
  }

  private final class Told implements SweepRunner.Listener {
    @Override
    public void started(SweepRunner.Running child) {
      told.add("started " + child.planned().point().text());
    }

    @Override
    public void finished(SweepRunner.Running child) {
      told.add("finished " + child.planned().point().text());
    }

    @Override
    public void failed(SweepRunner.Running child, PointFolder.Failure failure) {
      told.add("failed " + child.planned().point().text() + ": " + failure.cause());
    }

    @Override
    public void lost(SweepRunner.Running child) {
      told.add("lost " + child.planned().point().text());
    }

    @Override
    public void at(List<SweepRunner.Running> children, int waiting) {}
  }

  /** The points of these words on the quickstart. */
  Sweep sweep(String... words) throws ConfigException {
    return new SweepArguments(
            Optional.empty(), Optional.of(CONF.resolve("quickstart.yaml")), List.of(words))
        .expand(Optional.of(CONF));
  }

  SweepPlan plan(Sweep sweep) throws IOException {
    return SweepPlan.of(sweep, graph, workspace, Planning.here());
  }

  SweepRunner runner(Sweep sweep, SweepRunner.Settings settings) throws IOException {
    return new SweepRunner(plan(sweep), workspace, new FakeMachines(), settings, new Told());
  }

  void run(String... words) throws Exception {
    runner(sweep(words), new SweepRunner.Settings(1, false, false)).run();
  }

  /** The points that would run now. */
  List<String> due(boolean retryFailed, String... words) throws IOException {
    return runner(sweep(words), new SweepRunner.Settings(1, false, retryFailed)).due().stream()
        .map(point -> point.point().text())
        .toList();
  }

  SweepResults results(Sweep sweep) throws IOException {
    return SweepResults.of(plan(sweep), workspace);
  }
}
