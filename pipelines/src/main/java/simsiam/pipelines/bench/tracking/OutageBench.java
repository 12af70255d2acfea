package simsiam.pipelines.bench.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import simsiam.mlflow.client.RunRequest;
import simsiam.mlflow.client.Sync;
import simsiam.mlflow.client.TrackedRun;
import simsiam.mlflow.client.Tracking;
import simsiam.mlflow.client.TrackingMode;
import simsiam.mlflow.client.TrackingSettings;
import simsiam.mlflow.rest.ServerSource;
import simsiam.mlflow.spool.FlushReport;
import simsiam.mlflow.upload.UploadLimits;
import simsiam.model.file.FileTree;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Benchmark;
import simsiam.pipelines.bench.measure.Cores;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.Rounds;
import simsiam.pipelines.config.RunConfig;

/**
 * What training pays for a tracking server that fails: blocks of steps logged to a real server that
 * is well, hung or killed, or that takes what waited during an outage, in turns with blocks logged
 * offline. The server has a core of its own, so that what is measured is our process and not
 * MLflow's work; the first row, offline against offline, tells how much the measurement strays.
 *
 * @param rounds pairs of blocks in each row
 * @param lead of steps before each block, as the first ones pay for opening the run
 * @param block length of one measurement: that of the pause between two requests, or a multiple
 * @param backlog points that waited, more than go out within a block
 */
public record OutageBench(int rounds, Duration lead, Duration block, int backlog)
    implements Benchmark {
  private static final String OFFLINE = " offline";
  private static final String CPU = " cpu";
  private static final String SENDING = " sending";
  private static final int WARM_UP = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** What the blocks of a row are logged to. */
  private enum Row {
    CONTROL("offline again"),
    WELL("well"),
    BACK("back, taking what waited"),
    HUNG("hung"),
    KILLED("killed");

    private final String title;

    Row(String title) {
      this.title = title;
    }
  }

  public static OutageBench standard() {
    return new OutageBench(
        Integer.getInteger("simsiam.bench.rounds", 6),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        20_000);
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
    private final Path folder;
    private final FailingServer server;
    private final TrainingSteps steps;
    private final int leading;
    private final int count;
    private final Rounds results = new Rounds();
    private long waited;

    Turns(Path folder, FailingServer server, TrainingSteps steps) {
      this.folder = folder;
      this.server = server;
      this.steps = steps;
      leading = steps.countFor(lead);
      count = steps.countFor(block);
    }

    BenchResult measure(Cores cores) throws IOException, InterruptedException {
      for (int i = 0; i < WARM_UP; i++) {
        block(settings(Row.WELL)); // what runs often is compiled
      }
      turns(Row.CONTROL, Row.WELL, Row.BACK);
      server.hang();
      turns(Row.HUNG);
      server.kill();
      turns(Row.KILLED);
      server.start();
      return new BenchResult(
          String.format(
              Locale.ROOT,
              "Training steps beside a failing MLflow server and offline, in turns: %d pairs a row"
                  + " of %d steps each; medians, and for that of the pairs' ratios where it lies"
                  + " with 95 %%%s",
              rounds,
              count,
              Rounds.isEnough(rounds) ? "" : " (these are too few pairs to say so)"),
          List.of(Row.values()).stream().map(this::figures).toList(),
          List.of(
              sendTheRest(),
              cores.areApart()
                  ? "The server had a core of its own."
                  : "The server shared the cores: its work is in the figures."));
    }

    private void turns(Row... rows) throws IOException, InterruptedException {
      for (int round = 0; round < rounds; round++) {
        for (Row row : rows) {
          boolean first = round % 2 == 0;
          for (boolean own : new boolean[] {first, !first}) {
            if (own && row == Row.BACK) {
              leaveWaiting(row);
            }
            TrainingSteps.Cost cost = block(own ? settings(row) : offline("offline"));
            String name = row.title + (own ? "" : OFFLINE);
            results.add(name, cost.millis());
            results.add(name + CPU, cost.cpuMillis());
            results.add(name + SENDING, cost.trackingMillis());
          }
        }
      }
    }

    /** Logs what an outage leaves in the spool. */
    private void leaveWaiting(Row row) throws IOException, InterruptedException {
      try (Tracking tracking = Tracking.open(offline(row.name()));
          TrackedRun run = start(tracking)) {
        for (int i = 0; i < backlog; i++) {
          run.metric("waited", -1.0 / (i + 1), waited++);
        }
      }
    }

    private TrainingSteps.Cost block(TrackingSettings settings)
        throws IOException, InterruptedException {
      try (Tracking tracking = Tracking.open(settings);
          TrackedRun run = start(tracking)) {
        steps.run(run, leading);
        return steps.run(run, count);
      }
    }

    private TrackedRun start(Tracking tracking) throws IOException {
      return tracking.startRun(RunRequest.of("bench", "bench", "bench"));
    }

    private TrackingSettings offline(String spool) {
      return TrackingSettings.offline(folder.resolve(spool));
    }

    /** A spool for each row, so that no row sends what another left. */
    private TrackingSettings settings(Row row) {
      return row == Row.CONTROL
          ? offline(row.name())
          : new TrackingSettings(
              folder.resolve(row.name()),
              TrackingMode.AUTO,
              server::address,
              PATIENCE,
              UploadLimits.DEFAULT);
    }

    private String sendTheRest() throws IOException, InterruptedException {
      long journalled = 0;
      long sent = 0;
      long refused = 0;
      for (Row row : List.of(Row.WELL, Row.BACK, Row.HUNG, Row.KILLED)) {
        Path spool = settings(row).spool();
        FlushReport report =
            Sync.run(spool, ServerSource.fixed(server.address()), PATIENCE, trouble -> {});
        journalled += report.sent() + report.spooled();
        sent += report.sent();
        refused += report.quarantined();
      }
      return String.format(
          Locale.ROOT,
          "entries journalled %,d, of these at the server in the end %,d, refused %,d",
          journalled,
          sent,
          refused);
    }

    private List<Figure> figures(Row row) {
      String name = row.title;
      List<Figure> figures = new ArrayList<>();
      figures.add(Figure.words("server", "server", name));
      figures.add(
          Figure.measured(
              "ms/step offline", "offline_milliseconds", results.median(name + OFFLINE)));
      figures.add(Figure.measured("ms/step", "milliseconds", results.median(name)));
      Rounds.Ratio time = results.ratios(name, name + OFFLINE);
      figures.add(ratio("times offline", "relative_time", time.median()));
      figures.add(ratio("from", "relative_time_low", time.low()));
      figures.add(ratio("to", "relative_time_high", time.high()));
      Rounds.Ratio cpu = results.ratios(name + CPU, name + OFFLINE + CPU);
      figures.add(ratio("CPU, times offline", "relative_cpu", cpu.median()));
      figures.add(share("its threads, % of a core", "tracking_percent", name));
      figures.add(share("those offline", "offline_tracking_percent", name + OFFLINE));
      return figures;
    }

    private Figure ratio(String title, String field, double value) {
      return new Figure(title, String.format(Locale.ROOT, "%.4f", value), field, value);
    }

    /** Processor time of the threads that write the journal and send, in the time of the block. */
    private Figure share(String title, String field, String name) {
      double percent = 100 * results.ratios(name + SENDING, name).median();
      return new Figure(title, String.format(Locale.ROOT, "%.3f", percent), field, percent);
    }
  }
}
