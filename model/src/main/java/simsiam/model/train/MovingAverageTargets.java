package simsiam.model.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.net.Loss.NegativeCosine;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Tensor;

/**
 * A moving average for every image of the directions that its views were projected to, {@code η ←
 * m·η + (1 - m)·z/|z|} (paper §5.2, "expectation over augmentations"): with the network's own
 * predictor left out, it stands for what the predictor is thought to approximate. A prediction is
 * compared with the average into which the other view of the step has gone; what is kept is the
 * average into which the mean of the step's targets has gone. The first view of an image is its
 * first average. With m = 0 this is SimSiam.
 */
final class MovingAverageTargets implements StepTargets {
  private static final int BLOCK_VALUES = 1 << 22;

  private final SimSiam method;
  private final int d;
  private final int size;
  private final float momentum;
  private final int images;
  private final int rowsPerBlock;

  /** η of all images in their order in the set; a row of zeros was not seen yet. */
  private final List<float[]> blocks = new ArrayList<>();

  /**
   * @param size S, pixels a side of a view
   * @param momentum m
   */
  MovingAverageTargets(SimSiam method, int d, int size, int images, double momentum) {
    this.method = method;
    this.d = d;
    this.size = size;
    this.images = images;
    this.momentum = (float) momentum;
    rowsPerBlock = Math.max(1, BLOCK_VALUES / d);
    for (int first = 0; first < images; first += rowsPerBlock) {
      blocks.add(new float[Math.min(rowsPerBlock, images - first) * d]);
    }
  }

  @Override
  public boolean prepare(long step, TrainingNet net, BooleanSupplier stopRequested) {
    return true;
  }

  @Override
  public float[] of(long step, ImageBatch batch, TrainingNet net) {
    int n = batch.size();
    int targets = method.given();
    float[] rows = new float[Math.multiplyExact(targets * n, d)];
    net.outputs(batch.pixels(), n, size, method.targets(), rows);
    for (int row = 0; row < targets * n; row++) {
      normalize(rows, row * d);
    }
    for (int i = 0; i < n; i++) {
      int image = batch.index(i);
      average(rows, i, n, blocks.get(image / rowsPerBlock), image % rowsPerBlock * d);
    }
    return rows;
  }

  private void normalize(float[] rows, int at) {
    double squares = 0;
    for (int j = at; j < at + d; j++) {
      squares += (double) rows[j] * rows[j];
    }
    double norm = Math.max(Math.sqrt(squares), NegativeCosine.EPSILON);
    for (int j = at; j < at + d; j++) {
      rows[j] = (float) (rows[j] / norm);
    }
  }

  /** Puts the average of image {@code i} of n in place of each of its directions. */
  private void average(float[] rows, int i, int n, float[] kept, int at) {
    int targets = method.given();
    float old = isZero(kept, at) ? 0 : momentum;
    for (int j = 0; j < d; j++) {
      float before = old * kept[at + j];
      float mean = 0;
      for (int target = 0; target < targets; target++) {
        int index = (target * n + i) * d + j;
        mean += rows[index] / targets;
        rows[index] = before + (1 - old) * rows[index];
      }
      kept[at + j] = before + (1 - old) * mean;
    }
  }

  private boolean isZero(float[] values, int at) {
    for (int j = at; j < at + d; j++) {
      if (values[j] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public SortedMap<String, Tensor> export() {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    for (int i = 0; i < blocks.size(); i++) {
      tensors.put(name(i), Tensor.of(blocks.get(i), blocks.get(i).length / d, d));
    }
    return tensors;
  }

  private static String name(int block) {
    return String.format(Locale.ROOT, "moving_average.%06d", block);
  }

  @Override
  public void restore(SortedMap<String, Tensor> exported) {
    for (int i = 0; i < blocks.size(); i++) {
      Tensor block = exported.get(name(i));
      if (block == null || block.data().length != blocks.get(i).length) {
        throw new IllegalArgumentException(
            "Cannot go on training: expected moving averages [%s, %s] in the checkpoint, got other ones (%s)"
                .formatted(images, d, name(i)));
      }
      blocks.set(i, block.data());
    }
  }
}
