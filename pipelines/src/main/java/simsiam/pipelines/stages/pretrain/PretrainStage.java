package simsiam.pipelines.stages.pretrain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.config.Violation;
import simsiam.model.data.Manifest;
import simsiam.model.engine.Engine;
import simsiam.model.file.CanonicalJson;
import simsiam.model.load.ImageSet;
import simsiam.model.net.Method;
import simsiam.model.train.Checkpoint;
import simsiam.model.train.DamagedCheckpointException;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.EpochEvaluator;
import simsiam.model.train.EpochRecord;
import simsiam.model.train.Pretrainer;
import simsiam.model.train.StepLog;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.result.StageReport;
import simsiam.pipelines.stage.Deadline;
import simsiam.pipelines.stage.Progress;
import simsiam.pipelines.stage.Stage;
import simsiam.pipelines.stage.StageContext;
import simsiam.pipelines.stage.StageResult;
import simsiam.pipelines.stage.StageTracking;
import simsiam.pipelines.stages.data.DatasetNote;
import simsiam.pipelines.stages.data.ShardedInput;
import simsiam.pipelines.stages.data.SourceCheck;
import simsiam.pipelines.stages.data.SplitImages;
import simsiam.pipelines.stages.data.TrainingMemory;

/** SimSiam pre-training; continues from its newest checkpoint. */
public final class PretrainStage implements Stage {
  private static final Logger log = LoggerFactory.getLogger(PretrainStage.class);

  static final List<String> KEYS =
      List.of("seed", "augment", "encoder", "projector", "predictor", "objective", "train");
  private static final String CHECKPOINTS = "checkpoints";
  static final String HISTORY = "history.jsonl";
  static final String STEPS = "steps.csv";

  @Override
  public String name() {
    return "pretrain";
  }

  @Override
  public int version() {
    return 3; // 3: convolutions by oneDNN itself, whose sums have another order
  }

  @Override
  public List<String> upstream() {
    return List.of("shard");
  }

  @Override
  public List<String> configKeys() {
    return KEYS;
  }

  @Override
  public boolean resumable() {
    return true;
  }

  @Override
  public void requireContinuable(Path output) {
    orByForce(
        () -> {
          Checkpoint.requireIntact(output.resolve(CHECKPOINTS));
          return output;
        });
  }

  /** Says how to begin anew, where nothing is left to continue. */
  private static <T> T orByForce(Supplier<T> continued) {
    try {
      return continued.get();
    } catch (DamagedCheckpointException e) {
      throw new IllegalStateException(
          e.getMessage() + "; --force=pretrain trains from nothing, and keeps that folder",
          e.getCause());
    }
  }

  /** The newest checkpoint of a finished pre-training. */
  public static Checkpoint lastCheckpoint(Path output) {
    return Checkpoint.latest(output.resolve(CHECKPOINTS))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "Cannot find a checkpoint: expected one in " + output + ", got none"));
  }

  /** Of memory, and of what kNN needs as training goes. */
  @Override
  public List<Violation> check(RunConfig config, Set<String> selected) {
    List<Violation> violations = new ArrayList<>(TrainingMemory.of(config).violations(config));
    boolean unmeasured =
        config.train().knnEveryEpochs() == 0
            || config.dataset().multiLabel()
            || SourceCheck.listing(config).filter(c -> c.classNames().isEmpty()).isPresent();
    if (!unmeasured) {
      violations.addAll(SourceCheck.noTestSplit(config));
      violations.addAll(SourceCheck.labels(config));
    }
    return violations;
  }

  @Override
  public void requireMachine(RunConfig config) {
    EngineSelection.of(config.train());
  }

  @Override
  public List<Violation> checkInputs(RunConfig config, Map<String, Path> upstream) {
    return ShardedInput.violations(config, upstream, name());
  }

  @Override
  public StageReport run(StageContext context) throws IOException {
    RunConfig config = context.config();
    Path shards = context.upstream("shard");
    Manifest manifest = Manifest.read(shards);
    ShardedInput.require(config, manifest, name());
    AugmentSpec augment = SplitImages.withStatistics(config.augment(), manifest);
    tellConstantChannels(context, manifest);
    ImageSet train = SplitImages.read(shards, manifest, SplitImages.TRAIN);
    int views = Method.of(config.network()).views();
    Snapshots.views(context.tracking(), SampleSheets.views(train, augment, views, config.seed()));
    EngineSelection selection = EngineSelection.of(config.train());
    Engine engine = selection.engine();
    context.note("Training on %s: %s".formatted(engine.describe(), selection.reason()));
    noteTargets(context, train.size());
    announce(context, manifest, engine);
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(1);
    context.onInterrupt(
        deadline -> {
          context.note("ending the step and saving a checkpoint");
          stopAndWait(stop, ended, deadline);
        });
    long steps = (long) config.train().epochs() * (train.size() / config.train().batchSize());
    Optional<TrainingMonitor> monitor = monitor(context, manifest, engine, augment, train);
    Checkpoint last;
    try (Progress progress = context.progress("steps", steps)) {
      Pretrainer pretrainer =
          new Pretrainer(
              engine,
              new Pretrainer.Job(config.network(), augment, config.train(), config.seed()),
              train,
              new Pretrainer.Folders(context.output(), context.aside()),
              monitor.map(EpochEvaluator.class::cast).orElse(net -> Map.of()),
              new TrainingReporter(context, progress, monitor, engine),
              stop::get);
      last = orByForce(pretrainer::run);
    } finally {
      ended.countDown();
    }
    List<EpochRecord> history = last.state().history();
    Files.write(
        context.output().resolve(HISTORY), history.stream().map(CanonicalJson::compact).toList());
    EncoderModel.log(context, last);
    return report(context.output(), last);
  }

  /** Gives training the time to save where it is; a step that takes longer is taken again later. */
  private static void stopAndWait(AtomicBoolean stop, CountDownLatch ended, Deadline deadline) {
    stop.set(true);
    try {
      if (!ended.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        log.warn("Interrupted in a long step: training will continue from its last checkpoint");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void tellConstantChannels(StageContext context, Manifest manifest) {
    List<String> constant = SplitImages.constantChannels(manifest);
    if (context.config().augment().mean().isEmpty() && !constant.isEmpty()) {
      context.note(
          "The channel %s is the same in all training images: it is shifted to 0, not scaled (augment.mean and augment.std say otherwise)"
              .formatted(String.join(" and ", constant)));
    }
  }

  private static void noteTargets(StageContext context, long images) {
    RunConfig config = context.config();
    long bytes = Pretrainer.targetBytes(config.network(), config.train(), images);
    if (bytes > 0) {
      context.note(
          String.format(
              Locale.ROOT,
              "Targets made before their steps take up to %.1f MB of memory, and of a checkpoint",
              bytes / 1e6));
    }
  }

  private static void announce(StageContext context, Manifest manifest, Engine engine) {
    StageTracking tracking = context.tracking();
    tracking.dataset(DatasetNote.of(context.config(), manifest, "train"));
    tracking.tag("dataset.digest", manifest.sourceFingerprint());
    tracking.tag("engine", engine.describe());
  }

  /** The monitor, if there is something to measure. */
  private static Optional<TrainingMonitor> monitor(
      StageContext context, Manifest manifest, Engine engine, AugmentSpec augment, ImageSet train) {
    Path shards = context.upstream("shard");
    Optional<ImageSet> test =
        context.config().train().knnEveryEpochs() == 0
                || manifest.classNames().isEmpty()
                || manifest.labelSpace().multiLabel()
            ? Optional.empty()
            : Optional.of(SplitImages.read(shards, manifest, SplitImages.TEST));
    Encoding encoding = new Encoding(augment, manifest.labelSpace());
    return TrainingMonitor.of(context.config(), engine.linearAlgebra(), encoding, train, test);
  }

  @Override
  public StageReport reportOf(Path output, StageResult result) {
    return report(output, lastCheckpoint(output));
  }

  private static StageReport report(Path output, Checkpoint last) {
    return TrainingReport.of(last.state(), StepLog.read(output.resolve(STEPS)));
  }
}
