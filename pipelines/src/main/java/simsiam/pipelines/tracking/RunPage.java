package simsiam.pipelines.tracking;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.redact.Redaction;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;

/** The Markdown description of a pipeline's run. */
final class RunPage {
  private static final Map<String, String> METRICS =
      Map.of(
          "final_loss", "final/loss",
          "final_output_std", "final/output_std",
          "knn_top1", "eval/knn_top1",
          "linear_top1", "eval/linear_top1",
          "random_encoder_knn_top1", "eval/random_encoder_knn_top1");
  private static final Map<String, String> TITLES =
      Map.of(
          "final_loss", "loss, last epoch",
          "final_output_std", "output std, last epoch",
          "knn_top1", "kNN top-1, %",
          "linear_top1", "linear top-1, %",
          "random_encoder_knn_top1", "kNN top-1 of the random encoder, %",
          "collapsed", "collapsed");

  private RunPage() {}

  static String metric(String figure) {
    return METRICS.getOrDefault(figure, figure);
  }

  static String started(LoadedConfig loaded) {
    RunConfig config = loaded.config();
    String overrides =
        loaded.overrides().isEmpty()
            ? ""
            : " with `" + String.join(" ", Redaction.words(loaded.overrides())) + "`";
    return "%s\n\nConfig `%s`%s. Running.".formatted(what(config), loaded.file(), overrides);
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
    StringBuilder page = new StringBuilder(what(config)).append("\n\n");
    summary
        .failure()
        .ifPresent(failure -> page.append("```\n").append(failure).append("\n```\n\n"));
    if (outcome != RunOutcome.FINISHED) {
      page.append("**").append(outcome.name().toLowerCase(Locale.ROOT)).append("**\n\n");
    }
    figures(page, summary);
    stages(page, summary, runs);
    return page.toString();
  }

  private static void figures(StringBuilder page, RunSummary summary) {
    page.append("| result | value |\n|---|---|\n");
    summary
        .figures()
        .forEach(
            (name, value) -> {
              if (TITLES.containsKey(name) && value != null) {
                page.append("| ").append(TITLES.get(name)).append(" | ");
                page.append(value instanceof Double d ? "%.4g".formatted(d) : value);
                page.append(" |\n");
              }
            });
  }

  private static void stages(
      StringBuilder page, RunSummary summary, Function<String, Optional<String>> runs) {
    page.append("\n| stage | | seconds |\n|---|---|---|\n");
    for (RunSummary.StageLine stage : summary.stages()) {
      String name =
          runs.apply(stage.name())
              .map(uid -> "[%s](run:%s)".formatted(stage.name(), uid))
              .orElse(stage.name());
      page.append("| %s | %s | %.1f |\n".formatted(name, stage.state(), stage.seconds()));
    }
  }

  private static String what(RunConfig config) {
    return "SimSiam pre-training of %s (width %d) on %s, %d epochs of batch %d, seed %d."
        .formatted(
            config.encoder().arch().name().toLowerCase(Locale.ROOT),
            config.encoder().width(),
            config.dataset().source().name().toLowerCase(Locale.ROOT),
            config.train().epochs(),
            config.train().batchSize(),
            config.seed());
  }
}
