package simsiam.pipelines.tracking;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.LoadedConfig;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;

/** The Markdown description of a pipeline's run. */
final class RunPage {
  private RunPage() {}

  static String started(LoadedConfig loaded) {
    RunConfig config = loaded.config();
    String overrides =
        loaded.overrides().isEmpty()
            ? ""
            : " with `" + String.join(" ", Redaction.words(loaded.overrides())) + "`";
    return "%s.\n\nConfig `%s`%s. Running.".formatted(config.inWords(), loaded.file(), overrides);
  }

  /**
   * What a stage's run says of itself.
   *
   * @param parent uid of the pipeline's run
   */
  static String stage(String stage, RunConfig config, String parent) {
    return "Stage `%s` of the run [%s](run:%s).".formatted(stage, config.name(), parent);
  }

  /**
   * The page of a run that ended.
   *
   * @param runs gives the uid of a stage's run
   */
  static String ended(
      RunConfig config,
      RunOutcome outcome,
      RunSummary summary,
      Function<String, Optional<String>> runs) {
    StringBuilder page = new StringBuilder(config.inWords()).append(".\n\n");
    summary
        .failure()
        .ifPresent(failure -> page.append("```\n").append(failure).append("\n```\n\n"));
    if (outcome != RunOutcome.FINISHED) {
      page.append("**").append(outcome.name().toLowerCase(Locale.ROOT)).append("**\n\n");
    }
    figures(page, summary.headlines());
    stages(page, summary, runs);
    return page.toString();
  }

  /**
   * The page of a run that no process has made: of what was there before.
   *
   * @param failure why not all is there; empty: it is
   * @param stages names of those whose output is there, as links
   */
  static String there(
      RunConfig config, String failure, List<StageReport> reports, List<String> stages) {
    StringBuilder page = new StringBuilder(config.inWords()).append(".\n\n");
    if (!failure.isEmpty()) {
      page.append("```\n").append(failure).append("\n```\n\n");
    }
    figures(page, StageReport.headlines(reports));
    page.append("\nMade before: ").append(String.join(", ", stages)).append(".\n");
    return page.toString();
  }

  private static void figures(StringBuilder page, List<Measure> headlines) {
    page.append("| result | value |\n|---|---|\n");
    for (Measure measure : headlines) {
      page.append("| %s | %s |\n".formatted(measure.label(), measure.text()));
    }
  }

  private static void stages(
      StringBuilder page, RunSummary summary, Function<String, Optional<String>> runs) {
    page.append("\n| stage | | seconds |\n|---|---|---|\n");
    for (RunSummary.StageLine stage : summary.stages()) {
      String name = link(stage.name(), runs.apply(stage.name()));
      page.append(
          String.format(Locale.ROOT, "| %s | %s | %.1f |\n", name, stage.state(), stage.seconds()));
    }
  }

  /** A link to a run, if there is one. */
  static String link(String text, Optional<String> run) {
    return run.map(uid -> "[%s](run:%s)".formatted(text, uid)).orElse(text);
  }
}
