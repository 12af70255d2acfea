package simsiam.model.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.EvalBatches;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.Classifier;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Tensor;
import simsiam.model.train.spec.FineTuneSpec;

/**
 * Trains an encoder and a linear head end to end on labelled images, and tests it after every
 * epoch. What comes out is a function of job, weights and images, on one engine with one number of
 * threads bit for bit. Keeps no files: a training that was ended begins anew.
 */
public final class FineTuner {
  private static final int TEST_BATCH = 256;

  private final Engine engine;
  private final Job job;
  private final ImageSet train;
  private final ImageSet test;
  private final Consumer<Epoch> listener;
  private final BooleanSupplier stopRequested;
  private final Classifier classifier;
  private final Normalization normalization;
  private final int batchSize;

  /**
   * What is trained, and how.
   *
   * @param classes labels are 0 to {@code classes - 1}
   * @param augment of the training images, with mean and deviation filled in; test images are
   *     brought to the size of its crops
   */
  public record Job(
      EncoderSpec encoder, int classes, AugmentSpec augment, FineTuneSpec tuning, long seed) {}

  /**
   * An epoch of training and the test after it.
   *
   * @param epoch counted from 1
   * @param loss mean over the epoch's steps
   * @param top1 share of the test images that are classified as labelled, in percent
   */
  public record Epoch(int epoch, double loss, double top1) {}

  /**
   * A classifier at the end of its training.
   *
   * @param weights {@code backbone.*}, {@code fc.weight} and {@code fc.bias}
   */
  public record Fitted(List<Epoch> history, SortedMap<String, Tensor> weights) {
    public Fitted {
      history = List.copyOf(history);
    }
  }

  /**
   * @param listener told of every epoch, on the training thread
   * @param stopRequested asked after every step; once true, {@link #run} ends with a {@link
   *     CancellationException}
   */
  public FineTuner(
      Engine engine,
      Job job,
      ImageSet train,
      ImageSet test,
      Consumer<Epoch> listener,
      BooleanSupplier stopRequested) {
    if (train.size() < 2 || test.size() < 1) {
      throw new IllegalArgumentException(
          "Cannot fine-tune: expected at least 2 training images and 1 test image, got %s and %s"
              .formatted(train.size(), test.size()));
    }
    this.engine = engine;
    this.job = job;
    this.train = train;
    this.test = test;
    this.listener = listener;
    this.stopRequested = stopRequested;
    classifier = Classifier.of(job.encoder(), job.classes());
    normalization = new Normalization(job.augment().mean(), job.augment().std());
    batchSize = Math.min(job.tuning().batchSize(), train.size());
  }

  /**
   * Trains to the last epoch.
   *
   * @param initial weights that the encoder begins with, such as a checkpoint's; empty: random ones
   * @throws TrainingFailedException if the loss is not a number
   */
  public Fitted run(SortedMap<String, Tensor> initial) {
    List<Epoch> history = new ArrayList<>();
    try (TrainingNet net = engine.create(classifier, classifier.initialise(initial, job.seed()))) {
      for (int epoch = 1; epoch <= job.tuning().epochs(); epoch++) {
        Epoch done = new Epoch(epoch, trainEpoch(net, epoch), top1(net));
        history.add(done);
        listener.accept(done);
      }
      return new Fitted(history, net.exportWeights());
    }
  }

  /** The mean loss. */
  private double trainEpoch(TrainingNet net, int epoch) {
    FineTuneSpec tuning = job.tuning();
    int steps = ViewLoader.batches(train.size(), batchSize);
    float[] targets = new float[Math.multiplyExact(batchSize, job.classes())];
    Loss loss = new Loss(epoch);
    LoaderSpec spec = new LoaderSpec(1, batchSize, job.seed(), threads());
    try (ViewLoader loader = new ViewLoader(train, job.augment(), normalization, spec, epoch, 0)) {
      for (int step = 0; step < steps; step++) {
        double factor = tuning.factor((epoch - 1L) * steps + step, steps);
        Rates rates =
            new Rates(
                factor * tuning.lr(),
                factor * tuning.headLr(),
                tuning.momentum(),
                tuning.weightDecay());
        List<StepMetrics> known;
        try (ImageBatch batch = loader.next()) {
          Arrays.fill(targets, 0);
          for (int i = 0; i < batchSize; i++) {
            int label = requireLabel(train, batch.index(i), loader.label(batch.index(i)));
            targets[i * job.classes() + label] = 1;
          }
          int size = job.augment().cropSize();
          known = net.advance(batch.pixels(), batchSize, size, targets, rates);
        }
        loss.add(known);
        if (stopRequested.getAsBoolean()) {
          throw new CancellationException("Fine-tuning was interrupted");
        }
      }
    }
    loss.add(net.settle());
    return loss.sum / steps;
  }

  /** Of an epoch, added up as it becomes known. */
  private static final class Loss {
    private final int epoch;
    private int step;
    private double sum;

    Loss(int epoch) {
      this.epoch = epoch;
    }

    void add(List<StepMetrics> known) {
      for (StepMetrics metrics : known) {
        step++;
        sum += metrics.loss();
        requireFinite(sum, epoch, step);
      }
    }
  }

  private double top1(TrainingNet net) {
    int size = job.augment().cropSize();
    int images = Math.min(TEST_BATCH, test.size());
    float[] logits = new float[Math.multiplyExact(images, job.classes())];
    long right = 0;
    try (EvalBatches batches = new EvalBatches(test, size, normalization, images, threads())) {
      while (batches.hasNext()) {
        try (ImageBatch batch = batches.next()) {
          net.predict(batch.pixels(), batch.size(), size, logits);
          for (int i = 0; i < batch.size(); i++) {
            int index = batch.index(i);
            int label = requireLabel(test, index, batches.label(index));
            right += label == largest(logits, i * job.classes()) ? 1 : 0;
          }
        }
      }
    }
    return 100.0 * right / test.size();
  }

  /** The class of the largest logit, the first of several. */
  private int largest(float[] logits, int offset) {
    int best = 0;
    for (int i = 1; i < job.classes(); i++) {
      if (logits[offset + i] > logits[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  private int requireLabel(ImageSet images, int index, int label) {
    if (label < 0 || label >= job.classes()) {
      throw new IllegalArgumentException(
          "Cannot fine-tune: expected labels from 0 to %s, got %s (%s)"
              .formatted(job.classes() - 1, label < 0 ? "none" : label, images.id(index)));
    }
    return label;
  }

  private static void requireFinite(double loss, int epoch, int step) {
    if (!Double.isFinite(loss)) {
      throw new TrainingFailedException(
          "Cannot go on fine-tuning: expected a finite loss, got %s (epoch %s, step %s of it)"
              .formatted(loss, epoch, step));
    }
  }

  private int threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    int asked = job.tuning().loaderThreads();
    return asked > 0 ? asked : Math.max(1, cores - 1);
  }
}
