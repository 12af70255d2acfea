package simsiam.pipelines.stages.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import simsiam.model.data.Manifest;
import simsiam.model.data.table.WrittenFile;
import simsiam.model.file.CanonicalJson;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.result.Fact;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.Measure.Better;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.shard.LabelConflicts;
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
                  context.config().shard(), context.fingerprint(), shaping(context.config()))
              .run(
                  context.upstreamData("preprocess"),
                  context.data(),
                  BeamOptions.parse(context.runner()),
                  new PipelineProgress(context, progress));
    }
    StoredData.fetch(context, manifest);
    StoredData.fetch(context, List.of(ShardPipeline.DUPLICATES_FILE_NAME, Manifest.FILE_NAME));
    for (Manifest.Split split : manifest.splits().values()) {
      for (WrittenFile shard : split.shards()) {
        context.written(shard.file(), shard.bytes(), shard.sha256());
      }
    }
    LabelConflicts conflicts = LabelConflicts.of(context.output(), manifest);
    tell(context, manifest);
    tell(context, manifest, conflicts);
    return report(manifest, conflicts);
  }

  /** The values that shape the shards, for the manifest: those that do not are left out. */
  public static JsonNode shaping(RunConfig config) {
    String section = "shard.";
    ObjectNode values = (ObjectNode) CanonicalJson.tree(config.shard());
    return values.retain(
        ConfigValues.slice(config, List.of("shard")).keySet().stream()
            .map(key -> key.substring(section.length()))
            .toList());
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
              example(duplicates.trainInTestExamples().get(0))));
    }
  }

  private static String example(Manifest.Pair pair) {
    return "%s, which is %s of test".formatted(pair.dropped(), pair.kept());
  }

  private static void tell(StageContext context, Manifest manifest, LabelConflicts conflicts) {
    if (conflicts.images() > 0) {
      context.note(conflicts + "; the labels of the images that were kept are used");
      context.tracking().tag("dataset.label_conflicts", conflicts.toString());
      context
          .tracking()
          .artifact(context.output().resolve(ShardPipeline.DUPLICATES_FILE_NAME), "data");
    }
    if (conflicts.lost() > 0) {
      context.note(
          String.format(
              Locale.ROOT,
              "%,d labelled images were left out for an equal one without a label",
              conflicts.lost()));
    }
    List<Long> counts = manifest.split(SplitImages.TRAIN).classCounts();
    String empty =
        IntStream.range(0, counts.size())
            .filter(label -> counts.get(label) == 0)
            .mapToObj(manifest.classNames()::get)
            .collect(Collectors.joining(", "));
    if (!empty.isEmpty()) {
      context.note("Classes without an image to train on: " + empty);
    }
  }

  @Override
  public StageReport reportOf(Path output, StageResult result) throws IOException {
    Manifest manifest = Manifest.read(output);
    return report(manifest, LabelConflicts.of(output, manifest));
  }

  private static StageReport report(Manifest manifest, LabelConflicts conflicts) {
    String splits =
        manifest.splits().entrySet().stream()
            .map(s -> String.format(Locale.ROOT, "%s %,d", s.getKey(), s.getValue().rows()))
            .collect(Collectors.joining(", "));
    String wrong = conflicts.images() == 0 ? "" : conflicts.toString();
    String labels =
        conflicts.images() == 0
            ? ""
            : String.format(Locale.ROOT, " (%,d of another class)", conflicts.images());
    Manifest.Duplicates duplicates = manifest.duplicates();
    long dropped = duplicates.train() + duplicates.test() + duplicates.trainInTest();
    String left =
        dropped == 0 ? "" : String.format(Locale.ROOT, ", %,d duplicates left out", dropped);
    StageReport report =
        StageReport.of(Group.DATA, splits + left + labels)
            .facts(
                new Fact("images", splits + (wrong.isEmpty() ? "" : "; " + wrong)),
                new Fact("data digest", manifest.sourceFingerprint().substring(0, 16)));
    for (Map.Entry<String, Manifest.Split> split : manifest.splits().entrySet()) {
      String name = split.getKey();
      report =
          report.measures(
              Measure.count(name + "_images", name + " images", split.getValue().rows()));
    }
    return report.measures(
        Measure.count("duplicates", "duplicates left out", dropped).better(Better.LOWER),
        Measure.count("label_conflicts", "images under two classes", conflicts.images())
            .better(Better.LOWER)
            .note(wrong));
  }
}
