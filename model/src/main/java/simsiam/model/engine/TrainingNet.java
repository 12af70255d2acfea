package simsiam.model.engine;

import java.util.List;
import java.util.SortedMap;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/**
 * A SimSiam network in training on one engine: backbone, projector, predictor, loss and optimiser.
 * Letters: N images a batch, V views an image, S pixels a side, D feature channels. Not
 * thread-safe.
 */
public interface TrainingNet extends AutoCloseable {
  NetworkSpec spec();

  /**
   * One training step: forward, backward, update, and one update of the running batch-norm
   * statistics for each view in turn.
   *
   * @param views normalised pixels {@code [V·N, S, S, 3]}, view-major: rows {@code v·N .. v·N+N-1}
   *     are view v of images 0..N-1; the first {@code V·N·S·S·3} values are read
   * @param batch N
   * @param size S
   */
  StepMetrics step(float[] views, int batch, int size, Rates rates);

  /**
   * Pooled backbone output in eval mode (running batch-norm statistics).
   *
   * @param images normalised pixels {@code [count, S, S, 3]}
   * @param features receives {@code [count, D]}
   */
  void encode(float[] images, int count, int size, float[] features);

  /**
   * The same, and intermediate maps from the same pass.
   *
   * @param taps which, each name once
   * @param maps receives for each tap, in that order, {@code [count, C, side, side]}
   */
  default void encode(
      float[] images, int count, int size, float[] features, List<Tap> taps, List<float[]> maps) {
    if (!taps.isEmpty()) {
      throw new UnsupportedOperationException(
          "Cannot encode: expected no taps, which this network cannot give, got " + taps);
    }
    encode(images, count, size, features);
  }

  /** All weights and running statistics, named as {@link simsiam.model.net.NetworkLayout} says. */
  SortedMap<String, Tensor> exportWeights();

  /** Replaces all weights; names and shapes must be exactly those of the layout. */
  void importWeights(SortedMap<String, Tensor> weights);

  /** Momentum buffers by the name of their parameter. */
  SortedMap<String, Tensor> exportOptimizer();

  void importOptimizer(SortedMap<String, Tensor> buffers);

  @Override
  void close();
}
