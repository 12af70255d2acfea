package simsiam.pipelines.cli.console;

import java.util.Locale;
import java.util.function.LongSupplier;
import simsiam.pipelines.stage.Progress;

/**
 * The advance of one piece of work in one line: a bar that is redrawn on a terminal, else a line at
 * every tenth of the way, or after half a minute.
 */
final class ProgressLine implements Progress {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long REPEAT_NANOS = 30_000_000_000L;
  private static final int BAR = 20;

  private final RunConsole console;
  private final String stage;
  private final String unit;
  private final long total;
  private final boolean terminal;
  private final LongSupplier clock;
  private final long start;
  private long shownAt;
  private long shownTenth;

  ProgressLine(RunConsole console, String stage, String unit, long total, boolean terminal) {
    this(console, stage, unit, total, terminal, System::nanoTime);
  }

  /**
   * A line with a clock of its own.
   *
   * @param clock in nanoseconds
   */
  ProgressLine(
      RunConsole console,
      String stage,
      String unit,
      long total,
      boolean terminal,
      LongSupplier clock) {
    this.console = console;
    this.stage = stage;
    this.unit = unit;
    this.total = total;
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.getAsLong();
    this.shownAt = start;
  }

  @Override
  public synchronized void update(long done, String note) {
    long now = clock.getAsLong();
    long tenth = total > 0 ? 10 * done / total : 0;
    boolean due =
        terminal
            ? now - shownAt >= REDRAW_NANOS || done == total
            : tenth > shownTenth || now - shownAt >= REPEAT_NANOS;
    if (due) {
      shownAt = now;
      shownTenth = tenth;
      console.show(line(done, (now - start) / 1e9, note));
    }
  }

  private String line(long done, double seconds, String note) {
    double rate = seconds > 0 ? done / seconds : 0;
    StringBuilder line = new StringBuilder(stage).append("  ");
    if (total > 0) {
      double share = Math.min(1.0, (double) done / total);
      if (terminal) {
        int filled = (int) (share * BAR);
        line.append('[').append("=".repeat(filled)).append(" ".repeat(BAR - filled)).append("] ");
      }
      line.append(
          String.format(Locale.ROOT, "%3.0f %%  %,d/%,d %s", 100 * share, done, total, unit));
    } else {
      line.append(String.format(Locale.ROOT, "%,d %s", done, unit));
    }
    line.append(String.format(Locale.ROOT, rate < 10 ? "  %.2f/s" : "  %,.0f/s", rate));
    if (total > done && rate > 0) {
      line.append("  ETA ").append(Text.seconds((total - done) / rate));
    }
    return note.isEmpty() ? line.toString() : line + "  " + note;
  }

  @Override
  public void close() {}
}
