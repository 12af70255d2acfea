package simsiam.eval.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import simsiam.eval.EvalReport;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ImageSet;
import simsiam.model.load.LoaderSpec;
import simsiam.model.load.ViewLoader;

/**
 * Linear evaluation with augmentation (paper Appendix A; main_lincls.py of the authors' code): a
 * linear layer on the encoder in eval mode, whose weights and statistics stay as they are. Loader
 * threads make the views of the images to come while those before them are encoded; the layer's
 * gradient is float32. The test split is scored after each epoch. Views and order are functions of
 * seed, epoch and image: the result does not depend on the number of loader threads.
 */
public final class AugmentedLinear {
  /** Images encoded at once, at most. */
  private static final int MOST_ENCODED = 256;

  private final AugmentedLinearSpec spec;
  private final AugmentSpec views;
  private final Normalization normalization;
  private final LinearAlgebra algebra;
  private final long seed;
  private final int threads;

  /**
   * An evaluation.
   *
   * @param augment of which size, mean and deviation are taken
   * @param seed of the layer's weights, the order and the views
   * @param threads that make views
   */
  public AugmentedLinear(
      AugmentedLinearSpec spec,
      AugmentSpec augment,
      LinearAlgebra algebra,
      long seed,
      int threads) {
    this.spec = spec;
    this.views =
        augment.cropsAndFlips(
            spec.cropScale(), spec.cropRatio(), spec.flip(), spec.interpolation());
    this.normalization = new Normalization(augment.mean(), augment.std());
    this.algebra = algebra;
    this.seed = seed;
    this.threads = threads;
  }

  /** Images that are encoded in all epochs together. */
  public static long images(AugmentedLinearSpec spec, int train) {
    return (long) spec.epochs() * (train - train % spec.batchSize());
  }

  /** Told how it goes. */
  public interface Listener {
    /** Images encoded so far, of {@link AugmentedLinear#images}. */
    void encoded(long images);

    void epoch(LinearEpoch epoch);
  }

  /**
   * Trains on one split, of which all images have labels, and scores the other.
   *
   * @param net stays the caller's to close
   * @param unlabelled images of the train split that were left out
   * @param test features of the test split
   */
  public LinearResult run(
      TrainingNet net, ImageSet train, int unlabelled, FeatureSet test, Listener listener) {
    FeatureSet scored = test.labelled();
    Layer layer = new Layer(net, train, scored.dim(), scored.classNames().size(), listener);
    List<LinearEpoch> curve = new ArrayList<>();
    EvalReport last = null;
    EvalReport best = null;
    int bestEpoch = 0;
    for (int epoch = 1; epoch <= spec.epochs(); epoch++) {
      double loss = layer.train(epoch);
      last = LinearProbe.score(layer.model, scored, test.unlabelled());
      if (best == null || last.top1() > best.top1()) {
        best = last;
        bestEpoch = epoch;
      }
      LinearEpoch done = new LinearEpoch(epoch, layer.lr, loss, last.top1(), last.top5());
      curve.add(done);
      listener.epoch(done);
    }
    return new LinearResult(
        spec.layer(), seed, train.size(), unlabelled, last, best, bestEpoch, curve);
  }

  /** The largest part of a batch that is encoded at once: a divisor, so that no image is lost. */
  static int encoded(int batch) {
    int part = Math.min(MOST_ENCODED, batch);
    while (batch % part != 0) {
      part--;
    }
    return part;
  }

  /** The layer in training. */
  private final class Layer {
    private final TrainingNet net;
    private final ImageSet train;
    private final Listener listener;
    private final SoftmaxRegression model;
    private final int dim;
    private final int part = encoded(spec.batchSize());
    private final float[] features;
    private final float[] batch;
    private final int[] labels = new int[spec.batchSize()];
    private final float[] scratch;
    private final long steps;
    private long step;
    private double lr;

    Layer(TrainingNet net, ImageSet train, int dim, int classes, Listener listener) {
      this.net = net;
      this.train = train;
      this.dim = dim;
      this.listener = listener;
      this.model = new SoftmaxRegression(algebra, dim, classes, spec.optimizer(), new Random(seed));
      this.features = new float[Math.multiplyExact(part, dim)];
      this.batch = new float[Math.multiplyExact(spec.batchSize(), dim)];
      this.scratch = new float[Math.multiplyExact(spec.batchSize(), classes)];
      int each = train.size() / spec.batchSize();
      if (each == 0) {
        throw new IllegalArgumentException(
            "Cannot train the linear layer: expected at least a batch of %s labelled images, got %s"
                .formatted(spec.batchSize(), train.size()));
      }
      this.steps = (long) each * spec.epochs();
    }

    /** The mean loss of an epoch. */
    double train(int epoch) {
      int size = spec.batchSize();
      int batches = train.size() / size;
      LoaderSpec loaded = new LoaderSpec(1, part, seed, threads);
      double loss = 0;
      try (ViewLoader loader = new ViewLoader(train, views, normalization, loaded, epoch, 0)) {
        for (int done = 0; done < batches; done++) {
          for (int filled = 0; filled < size; filled += part) {
            fill(loader, filled);
          }
          loss += step(epoch);
          listener.encoded(step * size);
        }
      }
      return loss / ((double) batches * size);
    }

    private void fill(ViewLoader loader, int filled) {
      try (ImageBatch images = loader.next()) {
        net.encode(images.pixels(), part, views.cropSize(), features);
        System.arraycopy(features, 0, batch, filled * dim, part * dim);
        for (int i = 0; i < part; i++) {
          labels[filled + i] = loader.label(images.index(i));
        }
      }
    }

    private double step(int epoch) {
      LinearSpec layer = spec.layer();
      lr = layer.lr() * 0.5 * (1 + Math.cos(Math.PI * step / steps));
      double loss = model.step(batch, labels, labels.length, lr, scratch);
      if (!Double.isFinite(loss)) {
        throw new IllegalStateException(
            "Cannot train the linear layer: expected a finite loss, got %s (epoch %s, step %s, rate %s); a lower linear_augmented.base_lr may help"
                .formatted(loss, epoch, step + 1, lr));
      }
      step++;
      return loss;
    }
  }
}
