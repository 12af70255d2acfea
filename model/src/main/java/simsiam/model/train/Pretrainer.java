package simsiam.model.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.engine.DeviceException;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.train.spec.TrainSpec;

/**
 * Pre-trains a SimSiam network (paper Algorithm 1): views, step, metrics, evaluation, checkpoint.
 * The only class that counts steps. Continues from the newest checkpoint in its folder; every later
 * weight is a function of that checkpoint, so that an interrupted training ends with the same bytes
 * as an uninterrupted one.
 */
public final class Pretrainer {
  private static final float[] NOTHING = {};

  private final Engine engine;
  private final Job job;
  private final ImageSet images;
  private final EpochEvaluator evaluator;
  private final TrainListener listener;
  private final BooleanSupplier stopRequested;
  private final Folders folders;
  private final TrainingViews views;
  private final Optional<StepTargets> targets;
  private Optional<Path> lastGood = Optional.empty();

  /**
   * What is trained: with the images, all that decides the weights.
   *
   * @param augment with mean and deviation filled in
   */
  public record Job(NetworkSpec network, AugmentSpec augment, TrainSpec train, long seed) {}

  /**
   * Where a training keeps its files.
   *
   * @param output receives {@code checkpoints/} and {@code steps.csv}
   * @param aside receives what is found damaged there; on the same file system, made if it is
   *     needed
   */
  public record Folders(Path output, Path aside) {
    Path checkpoints() {
      return output.resolve("checkpoints");
    }

    Path steps() {
      return output.resolve("steps.csv");
    }
  }

  /**
   * @param stopRequested asked after every step; once true, a checkpoint is written and {@link
   *     #run} ends with a {@link CancellationException}
   */
  public Pretrainer(
      Engine engine,
      Job job,
      ImageSet images,
      Folders folders,
      EpochEvaluator evaluator,
      TrainListener listener,
      BooleanSupplier stopRequested) {
    if (images.size() < job.train().batchSize()) {
      throw new IllegalArgumentException(
          "Cannot train: expected train.batch_size of at most the %s training images, got %s"
              .formatted(images.size(), job.train().batchSize()));
    }
    this.engine = engine;
    this.job = job;
    this.images = images;
    this.evaluator = evaluator;
    this.listener = listener;
    this.stopRequested = stopRequested;
    this.folders = folders;
    views = new TrainingViews(engine, job, images);
    targets = StepTargets.of(job, images.size(), views::loader);
  }

  /**
   * Bytes of the heap that the targets of steps take which do not make their own (paper §5.2).
   *
   * @param images in the training set
   */
  public static long targetBytes(NetworkSpec network, TrainSpec train, long images) {
    return StepTargets.bytes(network, train, images);
  }

  /**
   * Trains to the last epoch and returns its checkpoint.
   *
   * @throws DamagedCheckpointException if an earlier attempt left checkpoints and none is intact
   */
  public Checkpoint run() {
    Optional<Checkpoint> resumed =
        Checkpoint.recover(folders.checkpoints(), folders.aside(), listener::on);
    lastGood = resumed.map(Checkpoint::folder);
    Progress progress = resumed.map(Progress::after).orElseGet(Progress::new);
    listener.on(
        resumed
            .<TrainEvent>map(
                from -> new TrainEvent.Resumed(from.folder(), progress.epoch, progress.step))
            .orElseGet(TrainEvent.Begun::new));
    if (progress.epoch < job.train().epochs()) {
      noteArithmetic(progress, resumed.isPresent());
    }
    StepLog.Opened steps = StepLog.open(folders.steps(), progress.step, folders.aside());
    try (StepLog log = steps.log();
        TrainingNet net = open(resumed)) {
      if (steps.lost() > 0) {
        listener.on(new TrainEvent.RowsLost(steps.lost(), steps.copy()));
      }
      if (progress.epoch < job.train().epochs()) {
        views.cache(net, stopRequested);
      }
      return trainEpochs(net, log, progress, resumed.orElse(null));
    } catch (DeviceException e) {
      throw new TrainingFailedException(e.getMessage() + "; " + lastGood(), e);
    }
  }

  private Checkpoint trainEpochs(
      TrainingNet net, StepLog log, Progress progress, Checkpoint latest) {
    Checkpoint last = latest;
    while (progress.epoch < job.train().epochs()) {
      EpochRecord record = trainEpoch(net, log, progress);
      progress.complete(record);
      listener.on(new TrainEvent.Epoch(record));
      boolean due = progress.epoch % job.train().checkpointEveryEpochs() == 0;
      if (due || progress.epoch == job.train().epochs() || mustStop(record)) {
        last = save(net, log, progress);
      }
      if (mustStop(record)) {
        throw collapsed(record, last);
      }
    }
    return last;
  }

  /** Notes what the coming steps are taken on, and says so where that is not what it was. */
  private void noteArithmetic(Progress progress, boolean resumed) {
    Arithmetic now = Arithmetic.of(engine, job.train().precision(), progress.step);
    List<Arithmetic> earlier = progress.arithmetic;
    Optional<Arithmetic> before =
        earlier.isEmpty() ? Optional.empty() : Optional.of(earlier.get(earlier.size() - 1));
    if (before.isPresent() && before.get().exactAs(now)) {
      return;
    }
    earlier.add(now);
    if (resumed) {
      listener.on(new TrainEvent.Inexact(progress.step, before, now));
    }
  }

  private TrainingNet open(Optional<Checkpoint> resumed) {
    if (resumed.isEmpty()) {
      return engine.create(job.network(), NetworkLayout.of(job.network()).initialise(job.seed()));
    }
    TrainingNet net = engine.create(job.network(), resumed.get().weights());
    try {
      net.importOptimizer(resumed.get().optimizer());
      targets.ifPresent(given -> given.restore(resumed.get().targets()));
      return net;
    } catch (RuntimeException | Error e) {
      net.close();
      throw e;
    }
  }

  private EpochRecord trainEpoch(TrainingNet net, StepLog log, Progress progress) {
    TrainSpec train = job.train();
    int epoch = progress.epoch + 1;
    CosineSchedule schedule = new CosineSchedule(train, images.size() / train.batchSize());
    Rates rates = schedule.at(progress.step);
    long start = System.nanoTime();
    int firstBatch = progress.batch;
    try (ViewLoader loader = views.loader(epoch, firstBatch)) {
      while (loader.hasNext()) {
        rates = schedule.at(progress.step);
        if (targets.isPresent() && !targets.get().prepare(progress.step, net, stopRequested)) {
          throw interrupted(net, log, progress);
        }
        List<StepMetrics> known;
        try (ImageBatch batch = loader.next()) {
          known = advance(net, batch, rates, progress.step);
        }
        progress.take();
        tell(known, log, progress);
        if (stopRequested.getAsBoolean() && loader.hasNext()) {
          throw interrupted(net, log, progress);
        }
      }
    }
    tell(net.settle(), log, progress);
    double seconds = (System.nanoTime() - start) / 1e9;
    double rate = (progress.batch - firstBatch) * (double) train.batchSize() / seconds;
    return record(net, progress, epoch, rates, rate);
  }

  private List<StepMetrics> advance(TrainingNet net, ImageBatch batch, Rates rates, long step) {
    int size = job.augment().cropSize();
    Optional<DrawnViews> drawn = batch.drawn();
    if (drawn.isPresent()) {
      return net.advance(drawn.get(), rates);
    }
    float[] given = targets.map(of -> of.of(step, batch, net)).orElse(NOTHING);
    return net.advance(batch.pixels(), batch.size(), size, given, rates);
  }

  /** What steps measured, as it becomes known; those of an epoch all before it ends. */
  private void tell(List<StepMetrics> known, StepLog log, Progress progress) {
    TrainSpec train = job.train();
    int epoch = progress.epoch + 1;
    long total = (long) train.epochs() * (images.size() / train.batchSize());
    for (StepMetrics metrics : known) {
      progress.add(metrics);
      requireFinite(metrics.loss(), epoch, progress.told);
      log.append(progress.told, metrics);
      listener.on(new TrainEvent.Step(epoch, progress.told, total, train.batchSize(), metrics));
    }
  }

  private CancellationException interrupted(TrainingNet net, StepLog log, Progress progress) {
    tell(net.settle(), log, progress);
    Checkpoint saved = save(net, log, progress);
    return new CancellationException("Training was interrupted; saved " + saved.folder());
  }

  private EpochRecord record(
      TrainingNet net, Progress progress, int epoch, Rates rates, double imagesPerSecond) {
    int every = job.train().knnEveryEpochs();
    boolean due = every > 0 && (epoch % every == 0 || epoch == job.train().epochs());
    Map<String, Double> evaluations = due ? evaluator.evaluate(net) : Map.of();
    double std = progress.stdSum / progress.batch;
    return new EpochRecord(
        epoch,
        progress.step,
        progress.lossSum / progress.batch,
        std,
        1 - std * Math.sqrt(job.network().projector().dim()),
        rates.encoder(),
        rates.predictor(),
        imagesPerSecond,
        evaluations);
  }

  private Checkpoint save(TrainingNet net, StepLog log, Progress progress) {
    log.sync();
    listener.on(new TrainEvent.Saving(progress.step));
    Checkpoint saved =
        Checkpoint.save(
            folders.checkpoints(),
            progress.state(job, engine.name()),
            net,
            targets.map(StepTargets::export).orElseGet(Collections::emptySortedMap));
    lastGood = Optional.of(saved.folder());
    listener.on(new TrainEvent.Saved(saved.folder()));
    return saved;
  }

  private void requireFinite(double loss, int epoch, long step) {
    if (!Double.isFinite(loss)) {
      throw new TrainingFailedException(
          "Cannot go on training: expected a finite loss, got %s (epoch %s, step %s); %s"
              .formatted(loss, epoch, step, lastGood()));
    }
  }

  private String lastGood() {
    return lastGood
        .map(good -> "the last good checkpoint is " + good)
        .orElse("there is no checkpoint yet");
  }

  private boolean mustStop(EpochRecord record) {
    return record.collapsed() && job.train().stopOnCollapse();
  }

  private static TrainingFailedException collapsed(EpochRecord record, Checkpoint saved) {
    return new TrainingFailedException(
        String.format(
            Locale.ROOT,
            "Training collapsed: expected a collapse level of at most 0.5, got %.3f (epoch %d; train.stop_on_collapse is true); saved %s",
            record.collapseLevel(),
            record.epoch(),
            saved.folder()));
  }

  /** Where training stands. */
  private static final class Progress {
    private int epoch;
    private int batch;
    private long step;

    /** The last step whose metrics are known and in the sums. */
    private long told;

    private double lossSum;
    private double stdSum;
    private final List<Arithmetic> arithmetic = new ArrayList<>();
    private final List<EpochRecord> history = new ArrayList<>();

    static Progress after(Checkpoint checkpoint) {
      TrainingState state = checkpoint.state();
      Progress progress = new Progress();
      progress.epoch = state.epoch();
      progress.batch = state.batch();
      progress.step = state.step();
      progress.told = state.step();
      progress.lossSum = state.lossSum();
      progress.stdSum = state.stdSum();
      progress.arithmetic.addAll(state.arithmetic());
      progress.history.addAll(state.history());
      return progress;
    }

    void take() {
      batch++;
      step++;
    }

    void add(StepMetrics metrics) {
      told++;
      lossSum += metrics.loss();
      stdSum += metrics.outputStd();
    }

    void complete(EpochRecord record) {
      history.add(record);
      epoch++;
      batch = 0;
      lossSum = 0;
      stdSum = 0;
    }

    TrainingState state(Job job, String engine) {
      return new TrainingState(
          epoch,
          batch,
          step,
          lossSum,
          stdSum,
          job.seed(),
          job.network(),
          job.augment(),
          job.train(),
          engine,
          arithmetic,
          history);
    }
  }
}
