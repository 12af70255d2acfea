package simsiam.pipelines.stages.data;

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
import simsiam.pipelines.preprocess.SkippedFiles;
import simsiam.pipelines.result.Measure;
import simsiam.pipelines.result.Measure.Better;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.result.StageReport.Group;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.listing.SourceListing;
import simsiam.pipelines.source.sets.DatasetDownload;
import simsiam.pipelines.source.sets.ImageSources;
import simsiam.pipelines.stage.Console;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.store.WorkspacePlace;

/** Decodes and normalises the raw images, by a Beam pipeline. */
public final class PreprocessStage implements Stage {
  /** What the last plan found: workers must find the same. */
  private volatile Optional<SourceContents> planned = Optional.empty();

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
  public Optional<String> sourceDigest(RunConfig config, PipelineContext context)
      throws IOException {
    ImageSource source = SourceCheck.listed(config).orElseGet(() -> source(config));
    SourceContents contents = look(config, context).contents(source);
    planned = Optional.of(contents);
    return Optional.of(contents.digest());
  }

  private static SourceLook look(RunConfig config, PipelineContext context) {
    return new SourceLook(config.dataset(), datasets(config), context, context.runner().runner());
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
      SourceListing listing = SourceCheck.listAnew(config);
      List<Violation> violations = new ArrayList<>(SourceCheck.missing(config, listing));
      TrainSplitSize.of(config, listing)
          .ifPresent(size -> violations.addAll(size.violations(config, selected)));
      return violations;
    } catch (InvalidConfigException e) {
      return e.violations();
    }
  }

  @Override
  public StageReport run(StageContext context) throws IOException {
    RunConfig config = context.config();
    PlannedSource source =
        new PlannedSource(look(config, context), context.sourceDigest(), planned);
    Read read;
    try (Progress progress = context.progress("images", 0)) {
      read =
          source.read(
              (images, contents) -> {
                images.advice().ifPresent(context::note);
                PreparedSummary prepared =
                    new PreprocessPipeline(images, contents, config.preprocess())
                        .run(
                            context.data(),
                            BeamOptions.parse(context.runner()),
                            new PipelineProgress(context, progress));
                return new Read(prepared, SkippedFiles.of(images.listing()));
              });
    }
    PreparedSummary summary = read.summary();
    for (PreparedSummary.Part part : summary.parts()) {
      context.written(part.file(), part.bytes(), part.sha256());
    }
    StoredData.fetch(
        context, List.of(PreparedSummary.REJECTS_FILE_NAME, PreparedSummary.FILE_NAME));
    SkippedFiles skipped = read.skipped();
    if (!skipped.files().isEmpty()) {
      skipped.write(context.data());
      StoredData.fetch(context, List.of(SkippedFiles.FILE_NAME));
      context.tracking().artifact(context.output().resolve(SkippedFiles.FILE_NAME), "data");
    }
    context.tracking().tag("dataset.digest", summary.sourceDigest());
    context
        .tracking()
        .artifact(context.output().resolve(PreparedSummary.REJECTS_FILE_NAME), "data");
    return report(summary, skipped);
  }

  /** What the pipeline has made of the images, and what of the source was no image. */
  private record Read(PreparedSummary summary, SkippedFiles skipped) {}

  @Override
  public StageReport reportOf(Path output, StageResult result) throws IOException {
    return report(PreparedSummary.read(output), SkippedFiles.read(output));
  }

  private static StageReport report(PreparedSummary summary, SkippedFiles skipped) {
    String rejects = summary.rejects().isEmpty() ? "" : " " + summary.rejects();
    String left = skipped.files().isEmpty() ? "" : skipped.toString();
    return StageReport.of(
            Group.DATA,
            String.format(
                Locale.ROOT,
                "%,d images, %,d rejected%s%s",
                summary.imageCount(),
                summary.rejectCount(),
                rejects,
                left.isEmpty() ? "" : ", " + left))
        .measures(
            Measure.count("images", "usable images", summary.imageCount()),
            Measure.count("rejects", "rejected images", summary.rejectCount())
                .better(Better.LOWER)
                .note(rejects.strip()),
            Measure.count("skipped_files", "files that are no images", skipped.files().size())
                .note(left));
  }

  /** Where the images of a configuration come from. */
  public static ImageSource source(RunConfig config) {
    return ImageSources.open(config.dataset(), datasets(config));
  }

  /** Where downloaded data sets are kept. */
  public static Path datasets(RunConfig config) {
    return WorkspacePlace.of(config.workspace()).folder().resolve("datasets");
  }
}
