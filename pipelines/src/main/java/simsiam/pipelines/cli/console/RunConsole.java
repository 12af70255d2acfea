package simsiam.pipelines.cli.console;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.RunSummary;

/** A run as seen on the console: one line a stage, and a bar for what takes time. */
public final class RunConsole implements Console {
  private static final Logger log = LoggerFactory.getLogger(RunConsole.class);

  private static final String ERASE_TO_END = "\u001B[K";
  private static final int DEFAULT_COLUMNS = 200;

  private final Output output;
  private final int nameWidth;
  private ProgressLine open;

  public RunConsole(Output output, List<String> stages) {
    this.output = output;
    this.nameWidth = stages.stream().mapToInt(String::length).max().orElse(0);
  }

  @Override
  public synchronized void started(String stage, String reason) {
    if (output.terminal()) {
      output.out().print(padded(stage) + "  ...");
      output.out().flush();
    } else {
      output.line(padded(stage) + "  begins  " + reason);
    }
  }

  @Override
  public synchronized void ended(String stage, String state, double seconds, String headline) {
    clear();
    String time = state.equals("cached") ? "" : Text.seconds(seconds);
    String line = String.format(Locale.ROOT, "%s  %-7s %10s", padded(stage), state, time);
    output.line((line + "  " + headline).stripTrailing());
  }

  @Override
  public synchronized void note(String line) {
    clear();
    output.line(line);
    log.info(TOLD, line);
  }

  @Override
  public synchronized Progress progress(String stage, String unit, long total) {
    open = new ProgressLine(this, padded(stage), unit, total, output.terminal());
    return open;
  }

  /** The figures a run is judged by, then where there is more. */
  public void results(RunSummary summary, String file) {
    List<Measure> headlines = summary.headlines();
    String line =
        headlines.stream()
            .filter(measure -> measure.value() instanceof Number)
            .map(measure -> measure.label() + " " + measure.text())
            .collect(Collectors.joining(", "));
    if (!line.isEmpty()) {
      output.line(line);
    }
    headlines.stream()
        .filter(Measure::warns)
        .forEach(measure -> output.line(measure.label() + ": " + measure.note()));
    summary.mlflowUrl().ifPresent(url -> output.line("MLflow: " + url));
    output.line("summary: " + file);
  }

  /** Shows a line of progress; on a terminal in place of the one before. */
  synchronized void show(String line) {
    if (output.terminal()) {
      int width = Integer.getInteger("simsiam.columns", DEFAULT_COLUMNS) - 1;
      String visible = line.length() > width ? line.substring(0, width) : line;
      output.out().print("\r" + visible + ERASE_TO_END);
      output.out().flush();
    } else {
      output.line(line);
    }
  }

  private void clear() {
    if (output.terminal()) {
      output.out().print("\r" + ERASE_TO_END);
    }
  }

  private String padded(String stage) {
    return String.format(Locale.ROOT, "%-" + Math.max(1, nameWidth) + "s", stage);
  }
}
