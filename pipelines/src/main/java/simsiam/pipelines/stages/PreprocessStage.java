package simsiam.pipelines.stages;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.config.Violation;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.preprocess.PreparedSummary;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.source.DatasetDownload;
import simsiam.pipelines.source.DigestCache;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.ImageSources;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.WorkspacePlace;

/** Decodes and normalises the raw images, by a Beam pipeline. */
public final class PreprocessStage implements Stage {
  @Override
  public String name() {
    return "preprocess";
  }

  @Override
  public int version() {
    return 2; // 2: files of images are read 128 at a time
  }

  @Override
  public List<String> upstream() {
    return List.of();
  }

  @Override
  public List<String> configKeys() {
    return List.of("dataset", "preprocess");
  }

  @Override
  public boolean writesData() {
    return true;
  }

  @Override
  public Optional<String> sourceDigest(RunConfig config, Path cache) {
    DigestCache digests = DigestCache.open(cache.resolve("source-digests"));
    String digest = source(config).digest(digests);
    digests.save();
    return Optional.of(digest);
  }

  @Override
  public void prepare(RunConfig config, Console console) throws IOException {
    if (DatasetDownload.needed(config.dataset(), datasets(config))) {
      try (DownloadBar bar = new DownloadBar(name(), console)) {
        DatasetDownload.run(config.dataset(), datasets(config), bar);
      }
    }
  }

  /** Of the data set, and of what asks for more training images than it has. */
  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    if (DatasetDownload.needed(config.dataset(), datasets(config))) {
      return List.of(
          new Violation(
              "dataset.path",
              config.dataset().path(),
              "the files of %s, which are not downloaded yet (run downloads them to %s)"
                  .formatted(
                      config.dataset().source().name().toLowerCase(Locale.ROOT),
                      DatasetDownload.place(config.dataset(), datasets(config)))));
    }
    try {
      ImageSource source = source(config);
      source.check();
      List<Violation> violations = new ArrayList<>(noTestSplit(config, source, selected));
      TrainSplitSize.of(config, source)
          .ifPresent(size -> violations.addAll(size.violations(config, selected)));
      return violations;
    } catch (InvalidConfigException e) {
      return e.violations();
    }
  }

  /** Evaluation needs a test split: training would run to its end before that is found out. */
  private static List<Violation> noTestSplit(
      RunConfig config, ImageSource source, Set<String> selected) {
    if (source.hasTestSplit()
        || config.shard().validationFraction() > 0
        || !ShardedInput.needsTest(config, selected, !source.classNames().isEmpty())) {
      return List.of();
    }
    return List.of(
        new Violation(
            "shard.validation_fraction",
            "0",
            "more than 0, such as 0.1, as the images have no test split of their own"
                + " (for class folders: train/ and val/)"));
  }

  @Override
  public StageResult run(StageContext context) throws IOException {
    RunConfig config = context.config();
    ImageSource source = source(config);
    DigestCache digests = DigestCache.open(context.output().resolve(".source-digests"));
    PreparedSummary summary;
    try (Progress progress = context.progress("images", 0)) {
      summary =
          new PreprocessPipeline(source, source.digest(digests), config.preprocess())
              .run(context.data(), BeamOptions.parse(context.runner()), progress::update);
    }
    StoredData.fetch(
        context, List.of(PreparedSummary.REJECTS_FILE_NAME, PreparedSummary.FILE_NAME));
    context.tracking().metric("data/images", (double) summary.imageCount(), 0);
    context.tracking().metric("data/rejects", (double) summary.rejectCount(), 0);
    context.tracking().tag("dataset.digest", summary.sourceDigest());
    context
        .tracking()
        .artifact(context.output().resolve(PreparedSummary.REJECTS_FILE_NAME), "data");
    return StageResult.of(
        String.format(
            Locale.ROOT,
            "%,d images, %,d rejected%s",
            summary.imageCount(),
            summary.rejectCount(),
            summary.rejects().isEmpty() ? "" : " " + summary.rejects()));
  }

  static ImageSource source(RunConfig config) {
    return ImageSources.open(config.dataset(), datasets(config));
  }

  /** Where downloaded data sets are kept. */
  static Path datasets(RunConfig config) {
    return WorkspacePlace.of(config.workspace()).folder().resolve("datasets");
  }
}
