package simsiam.pipelines.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a child is, from the file that it writes ({@link ProgressFile}). */
public final class PointProgress {
  private static final Logger log = LoggerFactory.getLogger(PointProgress.class);

  private final Path file;
  private final JsonLines lines;
  private String stage = "";
  private Map<?, ?> last = Map.of();
  private Optional<Long> firstDone = Optional.empty();
  private long firstNanos;

  PointProgress(Path file) {
    this.file = file;
    this.lines = new JsonLines(file);
  }

  /** Reads what has been added. */
  void refresh() {
    try {
      lines.added().forEach(this::event);
    } catch (IOException e) { // a file system in trouble; the child itself will say so
      log.info("Cannot read {}", file, e);
    }
  }

  private void event(Map<?, ?> event) {
    String now = String.valueOf(event.get("stage"));
    if (!now.equals(stage)) {
      stage = now;
      firstDone = Optional.empty();
    }
    last = event;
    if (firstDone.isEmpty() && event.get("done") instanceof Number done) {
      firstDone = Optional.of(done.longValue());
      firstNanos = System.nanoTime();
    }
  }

  /** The stage at work; empty before the first. */
  public String stage() {
    return stage;
  }

  /** Share of the stage that is done, from 0 to 1. */
  public OptionalDouble share() {
    OptionalDouble total = figure("total");
    OptionalDouble done = figure("done");
    return total.isPresent() && done.isPresent() && total.getAsDouble() > 0
        ? OptionalDouble.of(Math.min(1, done.getAsDouble() / total.getAsDouble()))
        : OptionalDouble.empty();
  }

  /** One of {@code epoch}, {@code loss}, {@code output_std}, {@code knn_top1}. */
  public OptionalDouble figure(String name) {
    return last.get(name) instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** Seconds that the stage at work still takes, at the pace since it was first seen. */
  public OptionalDouble secondsLeft() {
    OptionalDouble total = figure("total");
    OptionalDouble done = figure("done");
    if (total.isEmpty() || done.isEmpty() || firstDone.isEmpty()) {
      return OptionalDouble.empty();
    }
    double advance = done.getAsDouble() - firstDone.get();
    double left = total.getAsDouble() - done.getAsDouble();
    return advance > 0 && left >= 0
        ? OptionalDouble.of(left * (System.nanoTime() - firstNanos) / 1e9 / advance)
        : OptionalDouble.empty();
  }
}
