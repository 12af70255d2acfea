package simsiam.model.engine.nd4j;

import java.util.Map;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.Plan;
import simsiam.model.net.Network;

/** A network in eval mode, bound to an image size. Nothing is kept for a backward pass. */
final class EvalEncoder implements AutoCloseable {
  /** Most images at a time. */
  private static final int CAPACITY = 64;

  private final int capacity;
  private final int size;
  private final Arena arena = new Arena();
  private final BoundPlan bound;
  private final FeatureMap pixels;
  private final FeatureMap features;

  EvalEncoder(Network network, Kernels kernels, int images, int size) {
    capacity = Math.min(images, CAPACITY);
    this.size = size;
    try {
      Plan plan = Plan.evaluation(network, capacity, size, Map.of());
      bound = new BoundPlan(plan, kernels, new Context(arena, 1, false));
      pixels = bound.value(network.input()).orElseThrow();
      features = bound.value(network.output()).orElseThrow();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  boolean fits(int images, int otherSize) {
    return size == otherSize && Math.min(images, CAPACITY) <= capacity;
  }

  /** Features [count, D] of images [count, S, S, 3], some at a time. */
  void encode(float[] images, int count, float[] out) {
    int perImage = size * size * pixels.shape().channels();
    int dim = features.shape().channels();
    for (int first = 0; first < count; first += capacity) {
      int n = Math.min(capacity, count - first);
      // Places behind the last image keep what they held: images do not affect each other here.
      pixels.storage().write(0, images, first * perImage, n * perImage);
      bound.forward().run();
      features.storage().read(0, out, first * dim, n * dim);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
