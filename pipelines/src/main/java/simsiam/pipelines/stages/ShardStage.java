package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import simsiam.model.data.CanonicalJson;
import simsiam.model.data.Manifest;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.Measure.Better;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
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
  public StageReport run(StageContext context) throws IOException {
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
    tell(context, manifest);
    return report(manifest);
  }

  private static void tell(StageContext context, Manifest manifest) {
    Manifest.Duplicates duplicates = manifest.duplicates();
    context.tracking().tag("dataset.digest", manifest.sourceFingerprint());
    context.tracking().artifact(context.output().resolve(Manifest.FILE_NAME), "data");
    if (duplicates.trainInTest() > 0) {
      context.note(
          String.format(
              Locale.ROOT,
              "%,d train images are also in test and were left out of train, such as %s",
              duplicates.trainInTest(),
              duplicates.trainInTestExamples().get(0)));
    }
  }

  @Override
  public StageReport reportOf(Path output, StageResult result) {
    return report(Manifest.read(output));
  }

  private static StageReport report(Manifest manifest) {
    String splits =
        manifest.splits().entrySet().stream()
            .map(s -> String.format(Locale.ROOT, "%s %,d", s.getKey(), s.getValue().rows()))
            .collect(Collectors.joining(", "));
    Manifest.Duplicates duplicates = manifest.duplicates();
    long dropped = duplicates.train() + duplicates.test() + duplicates.trainInTest();
    String left =
        dropped == 0 ? "" : String.format(Locale.ROOT, ", %,d duplicates left out", dropped);
    StageReport report =
        StageReport.of(Group.DATA, splits + left)
            .facts(
                new Fact("images", splits),
                new Fact("data digest", manifest.sourceFingerprint().substring(0, 16)));
    for (Map.Entry<String, Manifest.Split> split : manifest.splits().entrySet()) {
      String name = split.getKey();
      report =
          report.measures(
              Measure.count(name + "_images", name + " images", split.getValue().rows()));
    }
    return report.measures(
        Measure.count("duplicates", "duplicates left out", dropped).better(Better.LOWER));
  }
}
