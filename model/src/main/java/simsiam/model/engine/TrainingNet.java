package simsiam.model.engine;

import java.util.Iterator;
import java.util.List;
import java.util.SortedMap;
import simsiam.model.augment.DrawnViews;
import simsiam.model.image.RgbImage;
import simsiam.model.net.Method;
import simsiam.model.net.Tensor;

/**
 * A method's networks in training on one engine, with loss and optimiser. Letters: N images a
 * batch, V views an image, G blocks of given rows, S pixels a side, D feature channels, d channels
 * of what the loss compares. Not thread-safe.
 */
public interface TrainingNet extends AutoCloseable {
  /** What is trained. */
  Method method();

  /** D. */
  default int featureDim() {
    return method().encoder().outputChannels();
  }

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
   * The same, of a method whose targets are given to it.
   *
   * @param given the rows {@code [G·N, d]} of {@link simsiam.model.net.Method.Given}, block after
   *     block; the first {@code G·N·d} values are read
   */
  default StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
    if (method().given() > 0) {
      throw new UnsupportedOperationException(
          "Cannot train: expected a method without given targets, which this network cannot take");
    }
    return step(views, batch, size, rates);
  }

  /**
   * The same, whose metrics may come later: a device that computes beside this thread is not waited
   * for in every step.
   *
   * @return the metrics of steps that were not told yet, the oldest first; perhaps none
   */
  default List<StepMetrics> advance(
      float[] views, int batch, int size, float[] given, Rates rates) {
    return List.of(step(views, batch, size, given, rates));
  }

  /**
   * The same, of views that the network makes itself where {@link Engine#makesViews}: the images
   * are not changed.
   */
  default List<StepMetrics> advance(DrawnViews views, Rates rates) {
    throw new UnsupportedOperationException(
        "Cannot train: expected views that are made, which this network cannot do");
  }

  /**
   * Takes the images of a training to where the network is, to stay there: views may then be drawn
   * of cached images. Those that it had taken before are forgotten.
   *
   * @param pixels that they have together, 3 bytes each
   * @param images all of them, in the order in which their pixels count; none is kept on the host
   */
  default void cache(long pixels, Iterator<RgbImage> images) {
    throw new UnsupportedOperationException(
        "Cannot cache images: expected a network that can, got " + getClass().getSimpleName());
  }

  /** The metrics of all steps of {@code advance} that were not told yet; waits for them. */
  default List<StepMetrics> settle() {
    return List.of();
  }

  /**
   * What nodes make of views in training mode: batch norm takes the batch's statistics, and nothing
   * is learned, running statistics included.
   *
   * @param views as a step takes them
   * @param wanted of nodes that the loss reads, or the one that is watched
   * @param rows receives their rows [N, d], one output after the other
   */
  default void outputs(
      float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
    throw new UnsupportedOperationException(
        "Cannot compute outputs: expected a network that can, got " + getClass().getSimpleName());
  }

  /**
   * What the last of the method's networks makes of images in eval mode: a classifier's logits.
   *
   * @param images normalised pixels {@code [count, S, S, 3]}
   * @param predictions receives {@code [count, d]}
   */
  default void predict(float[] images, int count, int size, float[] predictions) {
    throw new UnsupportedOperationException(
        "Cannot predict: expected a network that can, got " + getClass().getSimpleName());
  }

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
