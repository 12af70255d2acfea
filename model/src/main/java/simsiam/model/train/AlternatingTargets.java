package simsiam.model.train;

import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import simsiam.model.engine.TrainingNet;
import simsiam.model.load.ImageBatch;
import simsiam.model.load.ViewLoader;
import simsiam.model.net.SimSiam;
import simsiam.model.net.Tensor;

/**
 * Targets of a number of steps, made at once and kept until these are taken: {@code η = F(T'(x))}
 * of the very views and batches of those steps, by the network as it is before the first of them
 * (paper §5.2, "multi-step alternation"; of one step it is SimSiam). Batch norm takes the
 * statistics of each batch. The steps are counted from the first of the training, whatever the
 * epoch that they are in.
 */
final class AlternatingTargets implements StepTargets {
  private final SimSiam method;
  private final int d;
  private final int size;
  private final Views views;
  private final int steps;
  private final int stepsPerEpoch;
  private final long total;

  /** Of the steps that were not taken yet. */
  private final SortedMap<Long, float[]> pending = new TreeMap<>();

  /**
   * @param size S, pixels a side of a view
   * @param steps for which targets are made at once
   * @param total steps of the training
   */
  AlternatingTargets(
      SimSiam method, int d, int size, Views views, int steps, int stepsPerEpoch, long total) {
    this.method = method;
    this.d = d;
    this.size = size;
    this.views = views;
    this.steps = steps;
    this.stepsPerEpoch = stepsPerEpoch;
    this.total = total;
  }

  @Override
  public boolean prepare(long step, TrainingNet net, BooleanSupplier stopRequested) {
    if (steps == 1 || pending.containsKey(step)) {
      return true; // of a single step they are made of the batch that it takes
    }
    if (step % steps != 0) {
      throw new IllegalStateException(
          "Cannot go on training: expected the targets of step %s in the checkpoint, got none"
              .formatted(step + 1));
    }
    long end = Math.min(total, step + steps);
    for (long next = step; next < end; ) {
      int epoch = Math.toIntExact(next / stepsPerEpoch) + 1;
      int firstBatch = Math.toIntExact(next % stepsPerEpoch);
      try (ViewLoader loader = views.from(epoch, firstBatch)) {
        for (; loader.hasNext() && next < end; next++) {
          if (stopRequested.getAsBoolean()) {
            pending.clear();
            return false;
          }
          try (ImageBatch batch = loader.next()) {
            pending.put(next, outputs(batch, net));
          }
        }
      }
    }
    return true;
  }

  private float[] outputs(ImageBatch batch, TrainingNet net) {
    float[] rows = new float[Math.multiplyExact(method.given() * batch.size(), d)];
    net.outputs(batch.pixels(), batch.size(), size, method.targets(), rows);
    return rows;
  }

  @Override
  public float[] of(long step, ImageBatch batch, TrainingNet net) {
    return steps == 1 ? outputs(batch, net) : pending.remove(step);
  }

  @Override
  public SortedMap<String, Tensor> export() {
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    pending.forEach(
        (step, rows) ->
            tensors.put(
                String.format(Locale.ROOT, "step.%010d", step),
                Tensor.of(rows, rows.length / d, d)));
    return tensors;
  }

  @Override
  public void restore(SortedMap<String, Tensor> exported) {
    exported.forEach(
        (name, tensor) -> {
          if (!name.matches("step\\.\\d{10}") || tensor.data().length % d != 0) {
            throw new IllegalArgumentException(
                "Cannot go on training: expected targets [N, %s] of steps, got %s"
                    .formatted(d, name));
          }
          pending.put(Long.parseLong(name.substring(name.indexOf('.') + 1)), tensor.data());
        });
  }
}
