package simsiam.pipelines.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.mlflow.FlushReport;
import simsiam.mlflow.RunRequest;
import simsiam.mlflow.ServerSource;
import simsiam.mlflow.Sync;
import simsiam.mlflow.TrackedRun;
import simsiam.mlflow.Tracking;
import simsiam.mlflow.TrackingMode;
import simsiam.mlflow.TrackingSettings;
import simsiam.mlflow.upload.UploadLimits;
import simsiam.model.data.FileTree;
import simsiam.pipelines.bench.FailingServer.State;
import simsiam.pipelines.config.RunConfig;

/**
 * What training pays for a tracking server that fails: blocks of steps logged to a real server that
 * is hung, killed and started again, in turns with blocks logged offline. The server has a core of
 * its own, so that what is measured is our process and not MLflow's work; the first row, offline
 * against offline, tells how much the measurement itself strays.
 *
 * @param rounds in each of which the server passes through all its states
 * @param lead of steps before each measurement, as the first ones pay for connecting
 * @param block length of one measurement: that of the pause between two requests, or a multiple
 */
record OutageBench(int rounds, Duration lead, Duration block) implements Benchmark {
  private static final String CONTROL = "offline again";
  private static final String OFFLINE = " offline";
  private static final String CPU = " cpu";
  private static final String SENDING = " sending";
  private static final int WARM_UP = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** The longest pause between attempts, so that the server is found within a measurement. */
  private static final UploadLimits LIMITS =
      new UploadLimits(Duration.ofSeconds(30), Duration.ofMillis(500));

  static OutageBench standard() {
    return new OutageBench(
        Integer.getInteger("simsiam.bench.rounds", 4),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5));
  }

  @Override
  public BenchResult run(RunConfig config) throws IOException {
    Path folder =
        Files.createTempDirectory(Files.createDirectories(Path.of(config.workspace())), "bench");
    Cores cores = new Cores();
    try {
      cores.leaveLast();
      try (FailingServer server = new FailingServer(folder, cores);
          TrainingSteps steps = new TrainingSteps(config)) {
        return new Turns(folder, server, steps).measure(cores);
      } finally {
        cores.takeAll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while measuring", e);
    } finally {
      FileTree.delete(folder);
    }
  }

  /** The measurements of one call. */
  private final class Turns {
    private final TrackingSettings offline;
    private final TrackingSettings tracked;
    private final FailingServer server;
    private final TrainingSteps steps;
    private final int leading;
    private final int count;
    private final Rounds results = new Rounds();

    Turns(Path folder, FailingServer server, TrainingSteps steps) {
      this.server = server;
      this.steps = steps;
      leading = steps.countFor(lead);
      count = steps.countFor(block);
      offline = TrackingSettings.offline(folder.resolve("offline"));
      tracked =
          new TrackingSettings(
              folder.resolve("tracking"), TrackingMode.AUTO, server::address, PATIENCE, LIMITS);
    }

    BenchResult measure(Cores cores) throws IOException, InterruptedException {
      for (int i = 0; i < WARM_UP; i++) {
        block(tracked, State.WELL); // what runs often is compiled
      }
      for (int round = 0; round < rounds; round++) {
        boolean first = round % 2 == 0;
        pair(CONTROL, offline, State.WELL, first);
        for (State state : State.values()) {
          if (state != State.BACK) {
            server.become(state);
          }
          pair(state.title(), tracked, state, first);
        }
      }
      List<List<Figure>> rows = new ArrayList<>();
      rows.add(row(CONTROL));
      for (State state : State.values()) {
        rows.add(row(state.title()));
      }
      FlushReport sent = Sync.run(tracked.spool(), ServerSource.fixed(server.address()), PATIENCE);
      return new BenchResult(
          String.format(
              Locale.ROOT,
              "Training steps beside a failing MLflow server and offline, in turns: %d pairs a row"
                  + " of %d steps each; medians of pairs, and what half of the pairs lie between",
              rounds,
              count),
          rows,
          List.of(
              String.format(
                  Locale.ROOT,
                  "entries journalled %,d, of these at the server in the end %,d, refused %d,"
                      + " lost %d",
                  sent.sent() + sent.spooled(),
                  sent.sent(),
                  sent.quarantined(),
                  sent.lost()),
              cores.areApart()
                  ? "The server had a core of its own."
                  : "The server shared the cores: its work is in the figures."));
    }

    private void pair(String name, TrackingSettings settings, State state, boolean first)
        throws IOException, InterruptedException {
      for (boolean own : new boolean[] {first, !first}) {
        TrainingSteps.Cost cost = own ? block(settings, state) : block(offline, State.WELL);
        results.add(name + (own ? "" : OFFLINE), cost.millis());
        results.add(name + (own ? "" : OFFLINE) + CPU, cost.cpuMillis());
        results.add(name + (own ? "" : OFFLINE) + SENDING, cost.trackingMillis());
      }
    }

    /** Back, the server comes between the leading steps and those that are measured. */
    private TrainingSteps.Cost block(TrackingSettings settings, State state)
        throws IOException, InterruptedException {
      try (Tracking tracking = Tracking.open(settings);
          TrackedRun run = tracking.startRun(RunRequest.of("bench", "bench", "bench"))) {
        steps.run(run, leading);
        if (state == State.BACK) {
          server.become(state);
        }
        return steps.run(run, count);
      }
    }

    private List<Figure> row(String name) {
      return List.of(
          Figure.words("server", "server", name),
          Figure.measured(
              "ms/step offline", "offline_milliseconds", results.median(name + OFFLINE)),
          Figure.measured("ms/step", "milliseconds", results.median(name)),
          ratio("times offline", "relative_time", name, "", 0.5),
          ratio("from", "relative_time_low", name, "", 0.25),
          ratio("to", "relative_time_high", name, "", 0.75),
          ratio("CPU, times offline", "relative_cpu", name, CPU, 0.5),
          Figure.measured(
              "its threads, CPU µs/step",
              "tracking_cpu_microseconds",
              1000 * results.median(name + SENDING)));
    }

    private Figure ratio(String title, String field, String name, String what, double share) {
      double value = results.ratio(name + what, name + OFFLINE + what, share);
      return new Figure(title, String.format(Locale.ROOT, "%.4f", value), field, value);
    }
  }
}
