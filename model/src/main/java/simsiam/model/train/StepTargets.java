package simsiam.model.train;

import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.ObjectiveSpec;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;
import simsiam.model.train.spec.TrainSpec;

/**
 * The targets that the steps of a training are given (paper §5.2), with what it takes to go on with
 * them from a checkpoint, bit for bit. Letters: N images a batch, G targets an image, d channels.
 */
sealed interface StepTargets permits AlternatingTargets, MovingAverageTargets {
  /** Opens the views of an epoch from a batch on. */
  @FunctionalInterface
  interface Views {
    ViewLoader from(int epoch, int firstBatch);
  }

  /**
   * Those of a training; empty where its steps make their own.
   *
   * @param images in the training set
   */
  static Optional<StepTargets> of(Pretrainer.Job job, int images, Views views) {
    ObjectiveSpec objective = job.network().objective();
    SimSiam method = SimSiam.of(job.network());
    int d = job.network().projector().dim();
    int size = job.augment().cropSize();
    return switch (objective.targets()) {
      case LIVE -> Optional.empty();
      case STEPS, EPOCH -> {
        int stepsPerEpoch = ViewLoader.batches(images, job.train().batchSize());
        int steps = objective.targets() == Targets.EPOCH ? stepsPerEpoch : objective.targetSteps();
        long total = (long) job.train().epochs() * stepsPerEpoch;
        yield Optional.of(
            new AlternatingTargets(method, d, size, views, steps, stepsPerEpoch, total));
      }
      case MOVING_AVERAGE ->
          Optional.of(
              new MovingAverageTargets(method, d, size, images, objective.targetMomentum()));
    };
  }

  /** Bytes that they take at the most. */
  static long bytes(NetworkSpec network, TrainSpec train, long images) {
    ObjectiveSpec objective = network.objective();
    long row = (long) Float.BYTES * network.projector().dim();
    long step = (long) SimSiam.of(network).targets().size() * train.batchSize() * row;
    long stepsPerEpoch = images / train.batchSize();
    return switch (objective.targets()) {
      case LIVE -> 0;
      case STEPS -> Math.min(objective.targetSteps(), train.epochs() * stepsPerEpoch) * step;
      case EPOCH -> stepsPerEpoch * step;
      case MOVING_AVERAGE -> images * row;
    };
  }

  /**
   * Makes what has to be made before a step, of the weights as they are before it.
   *
   * @param step steps done so far
   * @return false if a stop was requested meanwhile; then nothing was made
   */
  boolean prepare(long step, TrainingNet net, BooleanSupplier stopRequested);

  /**
   * The targets [G·N, d] of a step that was prepared for and is about to be taken.
   *
   * @param step steps done so far
   */
  float[] of(long step, ImageBatch batch, TrainingNet net);

  /** What the steps after the last one need of those before it. */
  SortedMap<String, Tensor> export();

  /** Goes on from what was exported. */
  void restore(SortedMap<String, Tensor> exported);
}
