package simsiam.pipelines.stages.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import simsiam.mlflow.lock.ProcessLock;
import simsiam.model.data.ImageEncoding;
import simsiam.model.file.FileTree;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.TransferSet;
import simsiam.pipelines.config.load.ConfigValues;
import simsiam.pipelines.preprocess.PreprocessPipeline;
import simsiam.pipelines.shard.ShardPipeline;
import simsiam.pipelines.stage.Fingerprint;
import simsiam.pipelines.stage.PipelineContext;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stages.data.PipelineProgress;
import simsiam.pipelines.stages.data.PlannedSource;
import simsiam.pipelines.stages.data.PreprocessStage;
import simsiam.pipelines.stages.data.ShardStage;
import simsiam.pipelines.stages.data.SourceLook;

/**
 * The shards of the data sets that an encoder is evaluated on, made as those of the run's own set
 * are, on this machine. They are kept in the workspace's {@code cache/transfer/}, a folder for each
 * set and way of preparing it, so that every encoder of a sweep reads the same ones; they may be
 * removed, and are made again when asked for.
 */
record TransferShards(StageContext context) {
  private static final String PARTIAL = ".partial";

  /**
   * The folder with a set's manifest and shards, made if it is not there.
   *
   * @param digest of the set's content
   */
  Path of(TransferSet set, String digest) throws IOException, InterruptedException {
    Path all = Files.createDirectories(context.cache().resolve("transfer"));
    String key = Fingerprint.shortened(key(set, digest));
    Path folder = all.resolve(set.name() + "-" + key);
    String waiting = "waiting for the images of %s, which %s prepares";
    try (ProcessLock lock =
        ProcessLock.acquire(
            all.resolve(folder.getFileName() + ".lock"),
            holder -> context.note(waiting.formatted(set.name(), holder)))) {
      if (lock.isHeld() && !Files.exists(folder)) {
        make(set, digest, folder);
      }
    }
    return folder;
  }

  /** Such a set is read by this machine, and may be here alone. */
  static SourceLook look(TransferSet set, PipelineContext context, RunConfig config) {
    return new SourceLook(set.dataset(), PreprocessStage.datasets(config), context, Runner.DIRECT);
  }

  private void make(TransferSet set, String digest, Path folder) throws IOException {
    Path partial = folder.resolveSibling(folder.getFileName() + PARTIAL);
    FileTree.delete(partial); // of a process that was killed
    Path examples = Files.createDirectories(partial.resolve("examples"));
    Path shards = Files.createDirectories(partial.resolve("shards"));
    RunConfig config = context.config();
    PlannedSource source = new PlannedSource(look(set, context, config), digest, Optional.empty());
    try (Progress progress = context.progress("images of " + set.name(), 0)) {
      PipelineProgress monitor = new PipelineProgress(context, progress);
      source.read(
          (images, contents) ->
              new PreprocessPipeline(images, contents, preprocess(config))
                  .run(examples, BeamOptions.parse(RunnerOptions.direct()), monitor));
      new ShardPipeline(config.shard(), key(set, digest), ShardStage.shaping(config))
          .run(examples, shards, BeamOptions.parse(RunnerOptions.direct()), monitor);
    }
    Files.move(shards, folder, StandardCopyOption.ATOMIC_MOVE);
    FileTree.delete(partial);
  }

  /** As the run's own images, but for bytes kept as they are: not every set has such. */
  private static PreprocessSpec preprocess(RunConfig config) {
    PreprocessSpec own = config.preprocess();
    return own.encoding() == ImageEncoding.ORIGINAL
        ? new PreprocessSpec(
            own.resizeShorterSide(), own.padTo(), ImageEncoding.PNG, own.maxRejectFraction())
        : own;
  }

  /** Of all that the shards depend on. */
  private String key(TransferSet set, String digest) {
    DatasetSpec dataset = set.dataset();
    return Fingerprint.of(
        Map.of(
            "source", dataset.source().name(),
            "limit", dataset.limit(),
            "label_column", set.labelColumn(),
            "digest", digest,
            "config", ConfigValues.slice(context.config(), List.of("preprocess", "shard")),
            "preprocess_version", new PreprocessStage().version(),
            "shard_version", new ShardStage().version()));
  }
}
