package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stages.data.DatasetNote;
import simsiam.pipelines.stages.data.ShardedInput;
import simsiam.pipelines.stages.data.SourceCheck;
import simsiam.pipelines.stages.pretrain.EncoderModel;

/**
 * A stage that measures the trained encoder beside the same encoder untrained, by the features that
 * both have: it asks for labels, does nothing where there are none, keeps one result for each, and
 * tells them.
 *
 * @param <T> what is found of one encoder
 */
abstract class FeatureEvaluation<T extends Record> implements Stage {
  /** What evaluates images that may show several classes. */
  static final String INSTEAD = "svm.c instead, as the images may show several classes";

  private final Class<T> result;

  /** An evaluation whose results are of this type. */
  FeatureEvaluation(Class<T> result) {
    this.result = result;
  }

  @Override
  public List<String> upstream() {
    return List.of("shard", "features");
  }

  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    return SourceCheck.labels(config);
  }

  @Override
  public List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return ShardedInput.violations(config, upstream, name());
  }

  @Override
  public StageReport run(StageContext context) throws IOException {
    Manifest manifest = Manifest.read(context.upstream("shard"));
    if (manifest.classNames().isEmpty()) {
      return StageReport.of(Group.EVAL, "skipped: the images have no labels");
    }
    ShardedInput.require(context.config(), manifest, name());
    context.tracking().dataset(DatasetNote.of(context.config(), manifest, "eval"));
    context.tracking().uses("pretrain", EncoderModel.NAME);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    FeatureStore store = new FeatureStore(context.upstream("features"), manifest);
    Evaluated<T> found = evaluate(context, manifest, store);
    found.write(context.output());
    return report(found, context.output());
  }

  @Override
  public StageReport reportOf(Path output, StageResult recorded) throws IOException {
    var found = Evaluated.read(output, result);
    return found.isPresent()
        ? report(found.get(), output)
        : StageReport.of(Group.EVAL, recorded.headline());
  }

  /** Measures both encoders on images that have labels. */
  abstract Evaluated<T> evaluate(StageContext context, Manifest manifest, FeatureStore store)
      throws IOException;

  /**
   * Tells what was found.
   *
   * @param output the stage's folder, for what it keeps besides
   */
  abstract StageReport report(Evaluated<T> found, Path output) throws IOException;
}
