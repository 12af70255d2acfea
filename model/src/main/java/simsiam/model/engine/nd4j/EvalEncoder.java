package simsiam.model.engine.nd4j;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.engine.Tap;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.engine.nd4j.plan.Plan;
import simsiam.model.net.Network;

/** A network in eval mode, bound to an image size. Nothing is kept for a backward pass. */
final class EvalEncoder implements AutoCloseable {
  /** Most images at a time. */
  private static final int CAPACITY = 64;

  private final int capacity;
  private final int size;
  private final List<Tap> taps;
  private final Arena arena = new Arena();
  private final BoundPlan bound;
  private final FeatureMap pixels;
  private final FeatureMap features;
  private final List<FeatureMap> tapped = new ArrayList<>();

  EvalEncoder(
      Network network, Kernels kernels, int images, int size, List<Tap> taps, ElementType maps) {
    capacity = Math.min(images, CAPACITY);
    this.size = size;
    this.taps = List.copyOf(taps);
    Map<String, Integer> grids = new LinkedHashMap<>();
    taps.forEach(tap -> grids.put(tap.node(network), tap.side()));
    try {
      Plan plan = Plan.evaluation(network, capacity, size, grids, maps);
      bound = new BoundPlan(plan, kernels, new Context(arena, 1, false));
      pixels = bound.value(network.input()).orElseThrow();
      features = bound.value(network.output()).orElseThrow();
      for (Tap tap : taps) {
        tapped.add(bound.value(Plan.tap(tap.node(network))).orElseThrow());
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  boolean fits(int images, int otherSize, List<Tap> otherTaps) {
    return size == otherSize && Math.min(images, CAPACITY) <= capacity && taps.equals(otherTaps);
  }

  /**
   * Encodes images [count, S, S, 3], some at a time.
   *
   * @param out receives the features [count, D]
   * @param maps receive the taps, [count, C, side, side]
   */
  void encode(float[] images, int count, float[] out, List<float[]> maps) {
    int perImage = size * size * pixels.shape().channels();
    int dim = features.shape().channels();
    for (int first = 0; first < count; first += capacity) {
      int n = Math.min(capacity, count - first);
      // Places behind the last image keep what they held: images do not affect each other here.
      pixels.write(0, images, first * perImage, n * perImage);
      bound.forward().run();
      features.read(0, out, first * dim, n * dim);
      for (int i = 0; i < tapped.size(); i++) {
        readTap(tapped.get(i), first, n, maps.get(i));
      }
    }
  }

  /** From [n, side, side, C] to [n, C, side, side]. */
  private static void readTap(FeatureMap map, int first, int n, float[] to) {
    MapShape shape = map.shape();
    int cells = shape.height() * shape.width();
    int perImage = cells * shape.channels();
    float[] values = new float[n * perImage];
    map.read(0, values, 0, values.length);
    for (int i = 0; i < values.length; i++) {
      int image = i / perImage;
      int cell = i / shape.channels() % cells;
      int channel = i % shape.channels();
      to[(first + image) * perImage + channel * cells + cell] = values[i];
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
