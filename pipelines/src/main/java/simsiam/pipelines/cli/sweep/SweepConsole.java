package simsiam.pipelines.cli.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.stage.plan.Planner;
import simsiam.pipelines.stage.plan.Selection;
import simsiam.pipelines.sweep.PointFolder;
import simsiam.pipelines.sweep.PointMeasures;
import simsiam.pipelines.sweep.PointProgress;
import simsiam.pipelines.sweep.SweepResults;
import simsiam.pipelines.sweep.SweepRunner;
import simsiam.pipelines.sweep.SweepRunner.Running;
import simsiam.pipelines.sweep.SweepTable;

/**
 * A sweep as seen on the console: on a terminal a table of the children at work, else a line now
 * and then; each end of a point as it comes; the table of the sweep when all is done.
 */
final class SweepConsole implements SweepRunner.Listener {
  private static final String ERASE_TO_END = "\u001B[K";
  private static final String ERASE_BELOW = "\u001B[J";
  private static final int DEFAULT_COLUMNS = 200;
  private static final long REDRAW_NANOS = 500_000_000L;
  private static final long REPEAT_NANOS = 60_000_000_000L;

  private final Call call;
  private final Output output;
  private final SweepSession session;
  private final Map<String, Long> shownAt = new HashMap<>();
  private long drawnAt = System.nanoTime();
  private int drawn;
  private int due;
  private int ended;

  SweepConsole(Call call, SweepSession session) {
    this.call = call;
    this.output = call.output();
    this.session = session;
  }

  /**
   * What is going to be done.
   *
   * @param how the points are run, in words
   */
  void begins(int points, String how) throws IOException {
    due = points;
    output.line(
        "sweep %s on %s: %s points, %s to run%s"
            .formatted(
                session.sweep().name(),
                session.sweep().baseFile(),
                session.plan().points().size(),
                points,
                points > 0 ? how : ""));
    session
        .plan()
        .leftOut()
        .forEach(left -> output.line("left out  " + left.text() + ": " + left.reason()));
    for (String line : session.plan().longerTrainings(session.workspace())) {
      note(line);
    }
  }

  @Override
  public void started(Running child) {
    if (!output.terminal()) {
      line("begins    " + child.planned().point().text() + machine(child, "  on "));
    }
    shownAt.put(child.planned().point().id(), System.nanoTime());
  }

  @Override
  public void finished(Running child) {
    ended++;
    line(
        "%s  %s  %s  %s"
            .formatted(
                collapsed(measures(child)) ? "collapsed" : "done    ",
                child.planned().point().text(),
                Text.seconds(child.seconds()),
                figures(measures(child))));
  }

  @Override
  public void lost(Running child) {
    line(
        "lost      %s  %s%s; it goes on elsewhere"
            .formatted(
                child.planned().point().text(),
                Text.seconds(child.seconds()),
                machine(child, "  with its worker on ")));
  }

  private static String machine(Running child, String before) {
    String machine = child.child().machine();
    return machine.isEmpty() ? "" : before + machine;
  }

  @Override
  public void failed(Running child, PointFolder.Failure failure) {
    ended++;
    line(
        "failed    %s%s  %s  %s"
            .formatted(
                child.planned().point().text(),
                machine(child, "  on "),
                Text.seconds(child.seconds()),
                failure.cause()));
    line("          overrides: " + child.planned().point().overrides());
    line("          log: " + Text.relative(child.folder().log()));
    line("          alone: " + alone(child.folder()));
  }

  private static String alone(PointFolder folder) {
    return Call.program() + " run " + Call.quoted(List.of(Text.relative(folder.config())));
  }

  private SortedMap<String, Object> measures(Running child) {
    try {
      return PointMeasures.of(
          new Planner(session.graph(), session.workspace())
              .plan(child.planned().point().config(), Selection.all()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean collapsed(Map<String, Object> measures) {
    return Boolean.TRUE.equals(measures.get("collapsed"));
  }

  private String figures(Map<String, Object> measures) {
    return session.sweep().spec().measures().stream()
        .filter(name -> measures.get(name) instanceof Number)
        .map(name -> name + " " + SweepTable.number(((Number) measures.get(name)).doubleValue()))
        .collect(Collectors.joining(", "));
  }

  /** A line that stays. */
  private void line(String text) {
    if (drawn > 0) {
      output.out().print("\u001B[" + drawn + "A\r" + ERASE_BELOW);
      drawn = 0;
      drawnAt = 0;
    }
    output.line(text);
  }

  @Override
  public void at(List<Running> children, int waiting) {
    long now = System.nanoTime();
    if (output.terminal()) {
      if (now - drawnAt >= REDRAW_NANOS) {
        drawnAt = now;
        draw(children, waiting);
      }
      return;
    }
    for (Running child : children) {
      String id = child.planned().point().id();
      if (now - shownAt.get(id) >= REPEAT_NANOS && !child.progress().stage().isEmpty()) {
        shownAt.put(id, now);
        line("works     " + String.join("  ", cells(child)).stripTrailing());
      }
    }
  }

  private void draw(List<Running> children, int waiting) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("point", "stage", "", "epoch", "loss", "std", "kNN", "ETA", ""));
    children.forEach(child -> table.add(cells(child)));
    List<String> lines = new ArrayList<>(Text.table(table));
    lines.add("%s of %s ended, %s waiting".formatted(ended, due, waiting));
    int width = Integer.getInteger("simsiam.columns", DEFAULT_COLUMNS) - 1;
    StringBuilder block = new StringBuilder();
    if (drawn > 0) {
      block.append("\u001B[").append(drawn).append("A\r");
    }
    for (String line : lines) {
      block.append(line, 0, Math.min(line.length(), width)).append(ERASE_TO_END).append('\n');
    }
    output.out().print(block.append(ERASE_BELOW));
    output.out().flush();
    drawn = lines.size();
  }

  /**
   * Point, stage, share done, epoch, loss, std, kNN, time left, the machine if it is not this one.
   */
  private static List<String> cells(Running child) {
    PointProgress progress = child.progress();
    List<String> cells = new ArrayList<>();
    cells.add(child.planned().point().text());
    cells.add(progress.stage().isEmpty() ? "starts" : progress.stage());
    cells.add(
        progress.share().isPresent()
            ? String.format(Locale.ROOT, "%.0f %%", 100 * progress.share().getAsDouble())
            : "");
    boolean training = progress.figure("loss").isPresent();
    cells.add(shown(progress, "epoch", "%.0f"));
    cells.add(training ? shown(progress, "loss", "%.3f") : "");
    cells.add(training ? shown(progress, "output_std", "%.4f") : "");
    cells.add(training ? shown(progress, "knn_top1", "%.1f %%") : "");
    cells.add(
        progress.secondsLeft().isPresent()
            ? Text.seconds(progress.secondsLeft().getAsDouble())
            : "");
    cells.add(machine(child, "on "));
    return cells;
  }

  private static String shown(PointProgress progress, String figure, String format) {
    return progress.figure(figure).isPresent()
        ? String.format(Locale.ROOT, format, progress.figure(figure).getAsDouble())
        : "";
  }

  /** The table of the sweep, what has failed in it, and where there is more. */
  void results(SweepResults results, Path file) {
    line("");
    Text.table(SweepTable.of(results)).forEach(output::line);
    String setting = session.sweep().spec().paper().setting();
    if (!setting.isEmpty()) {
      output.line("paper: " + setting);
    }
    if (results.groups().stream().anyMatch(results::baseline)) {
      output.line("* the baseline");
    }
    output.line("");
    failures(results);
    long missing = results.count(SweepResults.State.QUEUED);
    if (missing > 0) {
      output.line(missing + " points are still to be run");
    }
    output.line("sweep: " + Text.relative(file));
  }

  private void failures(SweepResults results) {
    boolean lasting = false;
    for (SweepResults.Row row : results.points()) {
      if (row.failure().isPresent()) {
        lasting |= row.failure().get().lasting();
        output.line("failed: " + row.planned().point().text() + ": " + row.failure().get().cause());
        output.line("  alone: " + alone(row.folder()));
      }
    }
    if (lasting) {
      List<String> again = new ArrayList<>(call.args());
      if (!again.contains("--retry")) {
        again.addAll(1, List.of("--retry", "failed"));
      }
      output.line("repeat those that failed with: " + Call.program() + " " + Call.quoted(again));
    }
  }

  /** Where the sweep is to be seen. */
  void page(String url) {
    line("mlflow: " + url);
  }

  /** A line about something beside the points. */
  void note(String text) {
    line("note  " + text);
  }
}
