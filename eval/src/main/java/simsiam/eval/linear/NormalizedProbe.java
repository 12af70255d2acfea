package simsiam.eval.linear;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import simsiam.eval.EvalReport;
import simsiam.eval.features.FeatureMatrix;
import simsiam.eval.features.FeatureSet;
import simsiam.model.engine.LinearAlgebra;

/**
 * A batch norm without scale and shift before a linear layer, trained on cached features by SGD
 * with Nesterov momentum 0.9 and a rate that falls tenfold at milestones: the published protocol of
 * per-layer probes (VISSL, mmselfsup), but for the augmentation. The norm takes the statistics of
 * the batch while training, and running ones (momentum 0.1, unbiased variance) on the test split.
 * Train images are shuffled anew each epoch; an incomplete last batch is dropped. The same inputs
 * and seed give the same result. Letters: N rows, D channels, C classes.
 */
public final class NormalizedProbe {
  private static final double MOMENTUM = 0.1;
  private static final double EPSILON = 1e-5;
  private static final double FALL = 0.1;

  private final Sgd sgd;
  private final LinearAlgebra algebra;
  private final long seed;

  public NormalizedProbe(Sgd sgd, LinearAlgebra algebra, long seed) {
    this.sgd = sgd;
    this.algebra = algebra;
    this.seed = seed;
  }

  /**
   * How it is trained.
   *
   * @param lr learning rate, as it is (not scaled with the batch)
   * @param milestones epochs after which the rate falls tenfold, rising
   */
  public record Sgd(
      int epochs, int batchSize, double lr, double weightDecay, List<Integer> milestones) {
    public Sgd {
      milestones = List.copyOf(milestones);
    }

    /** That of an epoch counted from 1. */
    double rate(int epoch) {
      return lr * Math.pow(FALL, (double) milestones.stream().filter(m -> epoch > m).count());
    }
  }

  /**
   * How it ended.
   *
   * @param trainLoss cross-entropy in nats, mean over the last epoch's images, each before its
   *     step's update
   */
  public record Result(EvalReport report, double trainLoss) {}

  /**
   * Trains on the labelled images of one split and scores those of the other.
   *
   * @param listener called after each epoch
   */
  public Result run(FeatureSet train, FeatureSet test, Runnable listener) {
    train.requireComparable(test);
    FeatureSet fitted = train.labelled();
    if (fitted.size() < 2) {
      throw new IllegalArgumentException(
          "Cannot train a linear probe: expected at least 2 labelled images, got %s of %s"
              .formatted(fitted.size(), train.size()));
    }
    Random random = new Random(seed);
    int classes = train.classNames().size();
    SoftmaxRegression model =
        new SoftmaxRegression(
            algebra, train.dim(), classes, LinearOptimizer.SGD, random, sgd.weightDecay(), true);
    Training training = new Training(fitted, model, random);
    double loss = 0;
    for (int epoch = 1; epoch <= sgd.epochs(); epoch++) {
      loss = training.epoch(epoch);
      listener.run();
    }
    FeatureSet scored = training.norm.apply(test.labelled());
    return new Result(LinearProbe.score(model, scored, test.unlabelled()), loss);
  }

  private final class Training {
    private final FeatureSet train;
    private final SoftmaxRegression model;
    private final Random random;
    private final Norm norm;
    private final int[] order;
    private final int[] labels;
    private final float[] batch;
    private final float[] scratch;

    Training(FeatureSet train, SoftmaxRegression model, Random random) {
      this.train = train;
      this.model = model;
      this.random = random;
      norm = new Norm(train.dim());
      order = IntStream.range(0, train.size()).toArray();
      labels = new int[Math.min(sgd.batchSize(), order.length)];
      batch = new float[Math.multiplyExact(labels.length, train.dim())];
      scratch = new float[Math.multiplyExact(labels.length, train.classNames().size())];
    }

    /** One pass; returns the mean loss. */
    double epoch(int epoch) {
      ProbeEpochs.shuffle(order, random);
      double rate = sgd.rate(epoch);
      double sum = 0;
      int n = labels.length;
      int steps = order.length / n;
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < n; i++) {
          int row = order[step * n + i];
          train.features().get(row, batch, i * train.dim());
          labels[i] = train.labels()[row];
        }
        norm.train(batch, n);
        sum += model.step(batch, labels, n, rate, scratch);
      }
      if (!Double.isFinite(sum)) {
        throw new IllegalStateException(
            "Cannot train a linear probe: expected a finite loss, got %s (epoch %s, rate %s); a lower layers.lr may help"
                .formatted(sum, epoch, rate));
      }
      return sum / ((double) steps * n);
    }
  }

  /** The batch norm. */
  private static final class Norm {
    private final double[] mean;
    private final double[] variance;

    Norm(int dim) {
      mean = new double[dim];
      variance = new double[dim];
      Arrays.fill(variance, 1);
    }

    /** Normalises a batch by its own statistics, and remembers them. */
    void train(float[] batch, int n) {
      int dim = mean.length;
      int chunk = Math.max(1, 4096 / n);
      IntStream.range(0, (dim + chunk - 1) / chunk)
          .parallel()
          .forEach(part -> train(batch, n, part * chunk, Math.min(dim, (part + 1) * chunk)));
    }

    private void train(float[] batch, int n, int from, int to) {
      int dim = mean.length;
      double[] sum = new double[to - from];
      double[] squares = new double[to - from];
      for (int i = 0; i < n; i++) {
        for (int j = from; j < to; j++) {
          sum[j - from] += batch[i * dim + j];
        }
      }
      for (int i = 0; i < n; i++) {
        for (int j = from; j < to; j++) {
          double centred = batch[i * dim + j] - sum[j - from] / n;
          squares[j - from] += centred * centred;
        }
      }
      for (int j = from; j < to; j++) {
        mean[j] += MOMENTUM * (sum[j - from] / n - mean[j]);
        variance[j] += MOMENTUM * (squares[j - from] / (n - 1) - variance[j]);
      }
      for (int j = 0; j < sum.length; j++) {
        sum[j] /= n;
        squares[j] = 1 / Math.sqrt(squares[j] / n + EPSILON);
      }
      for (int i = 0; i < n; i++) {
        for (int j = from; j < to; j++) {
          batch[i * dim + j] = (float) ((batch[i * dim + j] - sum[j - from]) * squares[j - from]);
        }
      }
    }

    /** The same images, normalised by the running statistics. */
    FeatureSet apply(FeatureSet set) {
      FeatureMatrix normalized = new FeatureMatrix(set.size(), set.dim());
      set.forEach(
          (index, label, values, offset) -> {
            float[] to = normalized.holding(index);
            int at = normalized.offset(index);
            for (int j = 0; j < mean.length; j++) {
              to[at + j] =
                  (float) ((values[offset + j] - mean[j]) / Math.sqrt(variance[j] + EPSILON));
            }
          });
      return new FeatureSet(normalized, set.labels(), set.ids(), set.space());
    }
  }
}
