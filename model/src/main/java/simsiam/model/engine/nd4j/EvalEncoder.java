package simsiam.model.engine.nd4j;

import java.util.List;
import simsiam.model.engine.nd4j.Operation.Kind;
import simsiam.model.net.BlockSpec;
import simsiam.model.net.ConvSpec;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.ResNetPlan;

/**
 * The backbone in eval mode, bound to an image size. Nothing is kept for a backward pass: all
 * layers take turns with four buffers, and batch norm works in place.
 */
final class EvalEncoder implements AutoCloseable {
  /** Most images at a time. */
  private static final int CAPACITY = 64;

  private final int capacity;
  private final int size;
  private final Arena arena;
  private final Layers layers;
  private final Program program = new Program();
  private final FeatureMap pixels;
  private final FeatureMap features;
  private final NativeArray[] buffers = new NativeArray[4];

  EvalEncoder(EncoderSpec spec, Parameters parameters, int images, int size, Workers workers) {
    capacity = Math.min(images, CAPACITY);
    this.size = size;
    arena = new Arena(workers);
    try {
      layers = new Layers(parameters, arena, 1, false);
      pixels = arena.map(new MapShape(capacity, size, size, 3));
      features = arena.map(MapShape.matrix(capacity, spec.featureDim()));
      ResNetPlan plan = ResNetPlan.of(spec);
      long largest = largest(plan);
      for (int i = 0; i < buffers.length; i++) {
        buffers[i] = arena.array(largest);
      }
      FeatureMap last = addLayers(plan);
      program.add(Kind.POOLING, new AveragePool(last, features, workers)::forward);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private long largest(ResNetPlan plan) {
    MapShape shape = pixels.shape().after(plan.stem());
    long largest = shape.size();
    shape = plan.maxPool() ? MaxPool.shape(shape) : shape;
    for (BlockSpec block : plan.blocks()) {
      for (ConvSpec conv : block.convolutions()) {
        shape = shape.after(conv);
        largest = Math.max(largest, shape.size());
      }
    }
    return largest;
  }

  private FeatureMap addLayers(ResNetPlan plan) {
    FeatureMap x = addConvolution(plan.stem(), pixels, 0);
    addNorm(plan.stem(), x, true);
    int buffer = 0;
    if (plan.maxPool()) {
      FeatureMap pooled = new FeatureMap(MaxPool.shape(x.shape()), buffers[1]);
      program.add(Kind.POOLING, new MaxPool(x, pooled, arena.workers())::forward);
      x = pooled;
      buffer = 1;
    }
    for (BlockSpec block : plan.blocks()) {
      // The block's convolutions alternate between the two buffers after its input's.
      x = addBlock(block, x, buffer);
      buffer = (buffer + 2 - block.convolutions().size() % 2) % buffers.length;
    }
    return x;
  }

  private FeatureMap addBlock(BlockSpec block, FeatureMap input, int buffer) {
    FeatureMap x = input;
    List<ConvSpec> convolutions = block.convolutions();
    int last = convolutions.size() - 1;
    for (int i = 0; i < last; i++) {
      x = addConvolution(convolutions.get(i), x, buffer + 1 + i % 2);
      addNorm(convolutions.get(i), x, true);
    }
    FeatureMap output = addConvolution(convolutions.get(last), x, buffer + 1 + last % 2);
    BatchNorm norm = layers.norm(convolutions.get(last).norm(), output);
    program.add(Kind.NORM_FORWARD, norm::prepareFromRunning);
    if (block.downsample().isPresent()) {
      ConvSpec conv = block.downsample().get();
      FeatureMap shortcut = addConvolution(conv, input, buffer + 3);
      addNorm(conv, shortcut, false);
      program.add(Kind.NORM_FORWARD, () -> norm.applyAdd(shortcut, output));
    } else {
      program.add(Kind.NORM_FORWARD, () -> norm.applyAdd(input, output));
    }
    return output;
  }

  private FeatureMap addConvolution(ConvSpec conv, FeatureMap x, int buffer) {
    FeatureMap y = new FeatureMap(x.shape().after(conv), buffers[buffer % buffers.length]);
    program.addAll(layers.convolution(conv, x, y, null, false).forward());
    return y;
  }

  private void addNorm(ConvSpec conv, FeatureMap y, boolean relu) {
    BatchNorm norm = layers.norm(conv.norm(), y);
    program.add(Kind.NORM_FORWARD, norm::prepareFromRunning);
    program.add(Kind.NORM_FORWARD, () -> norm.apply(y, relu));
  }

  boolean fits(int images, int otherSize) {
    return size == otherSize && Math.min(images, CAPACITY) <= capacity;
  }

  /** Features [count, D] of images [count, S, S, 3], some at a time. */
  void encode(float[] images, int count, float[] out) {
    int perImage = size * size * 3;
    int dim = features.shape().channels();
    for (int first = 0; first < count; first += capacity) {
      int n = Math.min(capacity, count - first);
      // Places behind the last image keep what they held: images do not affect each other here.
      pixels.values().put(0, images, first * perImage, n * perImage);
      program.run();
      features.values().get(0, out, first * dim, n * dim);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
