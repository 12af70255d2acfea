package simsiam.pipelines.stages;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import simsiam.model.data.CanonicalJson;
import simsiam.model.data.Manifest;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.shard.ShardPipeline;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;

/** Splits, orders and shards the examples, by a Beam pipeline. */
public final class ShardStage implements Stage {
  @Override
  public String name() {
    return "shard";
  }

  @Override
  public int version() {
    return 3; // 3: example schema v2
  }

  @Override
  public List<String> upstream() {
    return List.of("preprocess");
  }

  @Override
  public List<String> configKeys() {
    return List.of("shard");
  }

  @Override
  public boolean writesData() {
    return true;
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    Manifest manifest;
    try (Progress progress = context.progress("images", 0)) {
      manifest =
          new ShardPipeline(
                  context.config().shard(),
                  context.fingerprint(),
                  CanonicalJson.tree(context.config().shard()))
              .run(
                  context.upstreamData("preprocess"),
                  context.data(),
                  BeamOptions.parse(context.runner()),
                  progress::update);
    }
    StoredData.fetch(context, manifest);
    StoredData.fetch(context, List.of(ShardPipeline.DUPLICATES_FILE_NAME, Manifest.FILE_NAME));
    report(context, manifest);
    String splits =
        manifest.splits().entrySet().stream()
            .map(
                split ->
                    String.format(Locale.ROOT, "%s %,d", split.getKey(), split.getValue().rows()))
            .collect(Collectors.joining(", "));
    return StageResult.of(splits + duplicates(manifest.duplicates()));
  }

  private static void report(StageContext context, Manifest manifest) throws IOException {
    manifest
        .splits()
        .forEach(
            (name, split) ->
                context.tracking().metric("data/" + name + "_images", (double) split.rows(), 0));
    Manifest.Duplicates duplicates = manifest.duplicates();
    long dropped = duplicates.train() + duplicates.test() + duplicates.trainInTest();
    context.tracking().metric("data/duplicates", (double) dropped, 0);
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    context.tracking().artifact(context.output().resolve(Manifest.FILE_NAME), "data");
    if (duplicates.trainInTest() > 0) {
      context.note(
          String.format(
              Locale.ROOT,
              "%,d train images are also in test and were left out of train, such as %s",
              duplicates.trainInTest(),
              example(duplicates.trainInTestExamples().get(0))));
    }
  }

  private static String example(Manifest.Pair pair) {
    return "%s, which is %s of test".formatted(pair.dropped(), pair.kept());
  }

  private static String duplicates(Manifest.Duplicates duplicates) {
    long dropped = duplicates.train() + duplicates.test() + duplicates.trainInTest();
    return dropped == 0 ? "" : String.format(Locale.ROOT, ", %,d duplicates left out", dropped);
  }
}
