package simsiam.pipelines.tracking;

import java.util.Locale;
import java.util.Map;
import simsiam.pipelines.config.LoadedConfig;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.stage.RunOutcome;
import simsiam.pipelines.stage.RunSummary;

/** The Markdown description of a pipeline's run. */
final class RunPage {
  private static final Map<String, String> METRICS =
      Map.of(
          "final_loss", "epoch/final_loss",
          "final_output_std", "epoch/final_output_std",
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
        loaded.overrides().isEmpty() ? "" : " with `" + String.join(" ", loaded.overrides()) + "`";
    return "%s\n\nConfig `%s`%s. Running.".formatted(what(config), loaded.file(), overrides);
  }

  static String ended(RunConfig config, RunOutcome outcome, RunSummary summary) {
    StringBuilder page = new StringBuilder(what(config)).append("\n\n");
    page.append(outcome.name().toLowerCase(Locale.ROOT)).append("\n\n| | |\n|---|---|\n");
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
    page.append("\nThe stages are the runs nested under this one.\n");
    return page.toString();
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
