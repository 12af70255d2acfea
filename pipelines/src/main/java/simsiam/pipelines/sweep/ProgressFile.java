package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Tracking;

/**
 * How a run that is a sweep's child tells how far it is: a line of JSON for each event, appended to
 * a file that the parent reads. {@code {"stage":"pretrain","state":"works","done":120,
 * "total":300,"unit":"steps","epoch":3,"loss":-0.8,"output_std":0.06,"knn_top1":54.0}}
 */
public final class ProgressFile {
  /** The system property that names the file. */
  public static final String PROPERTY = "simsiam.progress";

  private static final Logger log = LoggerFactory.getLogger(ProgressFile.class);
  private static final long EVERY_NANOS = 300_000_000L;

  /** Metrics that are told, by the names under which they are logged. */
  private static final Map<String, String> FIGURES =
      Map.of(
          "step/loss", "loss",
          "step/output_std", "output_std",
          "epoch/loss", "loss",
          "epoch/output_std", "output_std",
          "epoch/knn_top1", "knn_top1");

  private final Path file;
  private final Map<String, Object> figures = new LinkedHashMap<>();
  private long written;
  private boolean broken;

  private ProgressFile(Path file) {
    this.file = file;
  }

  /** The file that this process is to write, if it is a child. */
  public static Optional<ProgressFile> ofThisProcess() {
    return Optional.ofNullable(System.getProperty(PROPERTY)).map(Path::of).map(ProgressFile::new);
  }

  private synchronized void write(Map<String, Object> event) {
    if (broken) {
      return;
    }
    try {
      JsonLines.append(file, event);
    } catch (IOException e) { // the run goes on, only unseen
      broken = true;
      log.warn("Cannot tell how far the run is: {} cannot be written", file, e);
    }
  }

  private static Map<String, Object> event(String stage, String state) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("stage", stage);
    event.put("state", state);
    return event;
  }

  private synchronized void works(String stage, String unit, long total, long done) {
    long now = System.nanoTime();
    if (written != 0 && now - written < EVERY_NANOS && done != total) {
      return;
    }
    written = now;
    Map<String, Object> event = event(stage, "works");
    event.put("done", done);
    event.put("total", total);
    event.put("unit", unit);
    event.putAll(figures);
    write(event);
  }

  private synchronized void figure(String metric, double value, long step) {
    String name = FIGURES.get(metric);
    if (name != null) {
      figures.put(name, value);
      if (metric.startsWith("epoch/")) {
        figures.put("epoch", step);
      }
    }
  }

  /** A console that also tells the file. */
  public Console telling(Console console) {
    return new Console() {
      @Override
      public void started(String stage, String reason) {
        write(event(stage, "begins"));
        console.started(stage, reason);
      }

      @Override
      public void ended(String stage, String state, double seconds, String headline) {
        Map<String, Object> event = event(stage, state);
        event.put("seconds", seconds);
        event.put("headline", headline);
        write(event);
        console.ended(stage, state, seconds, headline);
      }

      @Override
      public void note(String line) {
        console.note(line);
      }

      @Override
      public Progress progress(String stage, String unit, long total) {
        Progress shown = console.progress(stage, unit, total);
        return new Progress() {
          @Override
          public void update(long done, String note) {
            works(stage, unit, total, done);
            shown.update(done, note);
          }

          @Override
          public void close() {
            shown.close();
          }
        };
      }
    };
  }

  /** A tracker of which some metrics are also told to the file. */
  public Tracking telling(Tracking tracking) {
    return new ToldTracking(tracking, this::figure);
  }
}
