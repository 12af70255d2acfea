package simsiam.pipelines.cli.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.WorkspaceOption;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.prune.Choice;
import simsiam.pipelines.prune.Pruning;
import simsiam.pipelines.prune.Removal;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.store.Workspace;

/** Removes what no run or sweep that is kept needs. */
@CommandLine.Command(
    name = "prune",
    description = {
      "Show what of a workspace may go, and how large it is; with --yes remove it.",
      "Chosen runs and sweeps go, with the outputs that none of the others needs, and in any case"
          + " what killed processes have left. What is at work or not sent to MLflow yet stays.",
      "simsiam prune --older-than 30d",
      "simsiam prune --sweep batch-size-quickstart --yes"
    })
public final class PruneCommand extends Command {
  private static final Pattern AGE = Pattern.compile("(\\d{1,5})([hdw])");

  @Mixin private WorkspaceOption workspace;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "runs of that name, or the one with that folder; may be given again")
  private List<String> names = List.of();

  @Option(
      names = "--sweep",
      paramLabel = "NAME",
      description = "a sweep with the runs of its points; may be given again")
  private List<String> sweeps = List.of();

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      description =
          "of these, or of everything if nothing is named, what was not used for so long: 12h, 30d,"
              + " 8w")
  private String olderThan;

  @Option(
      names = "--keep-last",
      paramLabel = "N",
      defaultValue = "0",
      description = "keep the newest N runs of each name")
  private int keepLast;

  @Option(names = "--dry-run", description = "remove nothing, as without --yes")
  private boolean dryRun;

  @Option(names = "--yes", description = "remove it")
  private boolean yes;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public PruneCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    if (yes && dryRun) {
      throw new UsageException("Cannot prune: expected --yes or --dry-run, got both");
    }
    Workspace opened = workspace.open();
    if (!Files.isDirectory(opened.root())) {
      throw new UsageException(
          "Cannot prune %s: expected a workspace, got no folder of that name"
              .formatted(Text.relative(opened.root())));
    }
    Removal removal = removal(opened);
    if (json) {
      output().line(Json.pretty(json(opened, removal)));
    } else {
      show(opened, removal);
    }
    return ExitCode.OK;
  }

  private Removal removal(Workspace opened) throws IOException {
    Predicate<String> resumable = this::isResumable;
    try {
      return yes
          ? Removal.done(opened, choice(), resumable, this::waits)
          : Removal.shown(opened, choice(), resumable);
    } catch (IllegalArgumentException | IllegalStateException e) { // no such name, or not alone
      throw new UsageException(e.getMessage(), e);
    }
  }

  private void waits(String holder) {
    output().complain("waiting for " + holder);
  }

  /** Of a stage that another release had, too: what is not known to be lost is not. */
  private boolean isResumable(String stage) {
    return invoked().services().stages().stream()
        .filter(known -> known.name().equals(stage))
        .findFirst()
        .map(Stage::resumable)
        .orElse(true);
  }

  private Choice choice() {
    return new Choice(Set.copyOf(names), Set.copyOf(sweeps), age(), keepLast);
  }

  private Optional<Duration> age() {
    if (olderThan == null) {
      return Optional.empty();
    }
    Matcher matcher = AGE.matcher(olderThan);
    if (!matcher.matches()) {
      throw new UsageException(
          "Cannot use --older-than: expected hours, days or weeks such as 12h, 30d or 8w, got "
              + olderThan);
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "h" -> Duration.ofHours(number);
          case "d" -> Duration.ofDays(number);
          default -> Duration.ofDays(7 * number);
        });
  }

  private void show(Workspace opened, Removal removal) {
    rows(opened, removal).forEach(output()::line);
    Pruning pruning = removal.pruning();
    List<List<String>> kept = new ArrayList<>();
    for (Pruning.Kept stays : pruning.kept()) {
      kept.add(List.of("stays:", stays.what(), Text.relative(stays.path()), stays.reason()));
    }
    Text.table(kept).forEach(output()::line);
    if (pruning.kept().stream().anyMatch(Pruning.Kept::waitsForMlflow)) {
      output()
          .line(
              "send it with: %s sync --workspace %s"
                  .formatted(Call.program(), Text.relative(opened.root())));
    }
    if (pruning.orphans() > 0) {
      output()
          .line(
              String.format(
                  Locale.ROOT,
                  "%d outputs that no run or sweep names stay; --older-than chooses them by age",
                  pruning.orphans()));
    }
    if (opened.inStore()) {
      output().line("What is in the store stays, as other machines may read it.");
    }
    output().line(total(opened, removal));
  }

  /** A line for each folder; one for the tracking data of all runs, which is small and much. */
  private static List<String> rows(Workspace opened, Removal removal) {
    List<Map<String, Object>> rows = new ArrayList<>();
    int tracked = 0;
    long trackedBytes = 0;
    for (Map.Entry<Pruning.Item, Long> entry : removal.removed().entrySet()) {
      Pruning.Item item = entry.getKey();
      if (item.what().equals(Pruning.TRACKING)) {
        tracked++;
        trackedBytes += entry.getValue();
      } else {
        String used = item.used().map(Text::time).orElse("");
        rows.add(row(item.what(), entry.getValue(), used, Text.relative(item.path())));
      }
    }
    if (tracked > 0) {
      String where = Text.relative(opened.root().resolve("tracking"));
      rows.add(row(Pruning.TRACKING + " (" + tracked + ")", trackedBytes, "", where));
    }
    return Text.rows(rows);
  }

  private static Map<String, Object> row(String what, long bytes, String used, String where) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("what", what);
    row.put("size", Text.bytes(bytes));
    row.put("last used", used);
    row.put("where", where);
    return row;
  }

  private String total(Workspace opened, Removal removal) {
    if (removal.removed().isEmpty()) {
      return "Nothing to remove in " + Text.relative(opened.root());
    }
    int folders = removal.removed().size();
    String total =
        (folders == 1 ? "1 folder, " : folders + " folders, ") + Text.bytes(removal.bytes());
    List<String> again = new ArrayList<>(invoked().args());
    again.remove("--dry-run");
    return yes
        ? "Removed " + total
        : total + "; remove them with: " + Call.program() + " " + Call.quoted(again) + " --yes";
  }

  private Map<String, Object> json(Workspace opened, Removal removal) {
    List<Map<String, Object>> items = new ArrayList<>();
    removal
        .removed()
        .forEach(
            (item, bytes) -> {
              Map<String, Object> row = new LinkedHashMap<>();
              row.put("what", item.what());
              row.put("path", item.path().toString());
              row.put("bytes", bytes);
              row.put("last_used", item.used().map(Instant::toString).orElse(null));
              items.add(row);
            });
    List<Map<String, Object>> kept = new ArrayList<>();
    for (Pruning.Kept stays : removal.pruning().kept()) {
      kept.add(
          Map.of("what", stays.what(), "path", stays.path().toString(), "reason", stays.reason()));
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("workspace", opened.root().toString());
    all.put("removed", yes);
    all.put("bytes", removal.bytes());
    all.put("items", items);
    all.put("stay", kept);
    all.put("unnamed", removal.pruning().orphans());
    return all;
  }
}
