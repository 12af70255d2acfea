package simsiam.eval.linear;

import java.util.Random;
import java.util.stream.IntStream;
import simsiam.eval.features.FeatureSet;

/** Feeds a train split to the probe, epoch by epoch: order, batches, learning rate. */
final class ProbeEpochs {
  private final LinearSpec spec;
  private final FeatureSet train;
  private final SoftmaxRegression model;
  private final Random random;
  private final int[] order;
  private final int[] labels;
  private final float[] batch;
  private final float[] scratch;
  private final long steps;
  private long step;
  private double lr;

  ProbeEpochs(LinearSpec spec, FeatureSet train, SoftmaxRegression model, Random random) {
    this.spec = spec;
    this.train = train;
    this.model = model;
    this.random = random;
    int size = Math.min(spec.batchSize(), train.size());
    order = IntStream.range(0, train.size()).toArray();
    labels = new int[size];
    batch = new float[Math.multiplyExact(size, train.dim())];
    scratch = new float[Math.multiplyExact(size, train.classNames().size())];
    steps = (long) spec.epochs() * ((train.size() + size - 1) / size);
  }

  /** Rate of the last step done. */
  double lr() {
    return lr;
  }

  /** One pass over all images; returns their mean loss. */
  double run(int epoch) {
    shuffle(order, random);
    double sum = 0;
    for (int from = 0; from < order.length; from += labels.length) {
      int n = Math.min(labels.length, order.length - from);
      gather(from, n);
      lr = spec.lr() * 0.5 * (1 + Math.cos(Math.PI * step / steps));
      double loss = model.step(batch, labels, n, lr, scratch);
      if (!Double.isFinite(loss)) {
        throw new IllegalStateException(
            "Cannot train the linear probe: expected a finite loss, got %s (epoch %s, step %s, rate %s); a lower linear.lr or linear.standardize may help"
                .formatted(loss / n, epoch, step + 1, lr));
      }
      sum += loss;
      step++;
    }
    return sum / order.length;
  }

  private void gather(int from, int n) {
    int dim = train.dim();
    for (int i = 0; i < n; i++) {
      int row = order[from + i];
      train.features().get(row, batch, i * dim);
      labels[i] = train.labels()[row];
    }
  }

  /** Fisher-Yates. */
  static void shuffle(int[] order, Random random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
  }
}
