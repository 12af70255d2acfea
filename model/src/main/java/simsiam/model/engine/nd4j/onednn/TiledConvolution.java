package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.kernels.TiledKernel;
import simsiam.model.net.Node;

/**
 * A convolution from maps to maps: oneDNN's on all images by all threads, or on some of them by one
 * thread. An image's sums are added up in the same order in both.
 */
final class TiledConvolution implements TiledKernel {
  /** What is computed. */
  enum Pass {
    FORWARD,
    INPUT_GRADIENT
  }

  /** Floats of a kernel that stays in the cache from tile to tile. */
  private static final int SMALL = 1 << 18;

  private final Node.Convolution conv;
  private final Parameter weight;
  private final FeatureMap from;
  private final FeatureMap to;
  private final Pass pass;
  private final List<Kernel> whole;
  private final Arena arena;
  private final List<Primitive> packing = new ArrayList<>();
  private final Map<Integer, List<Tile>> tiles = new HashMap<>();
  private final Map<Integer, Pointer> sources = new HashMap<>();
  private final Map<Integer, Pointer> targets = new HashMap<>();

  /** A primitive on a tile of one size, by one worker, and the maps that are moved to the tile. */
  private record Tile(Primitive primitive, memory source, memory target) {}

  /**
   * @param from what is read: x, or the gradient of y
   * @param to what is made: y, or the gradient of x
   * @param whole does it on all images
   */
  TiledConvolution(
      Node.Convolution conv,
      Parameter weight,
      FeatureMap from,
      FeatureMap to,
      Pass pass,
      List<Kernel> whole,
      Arena arena) {
    this.conv = conv;
    this.weight = weight;
    this.from = from;
    this.to = to;
    this.pass = pass;
    this.whole = whole;
    this.arena = arena;
  }

  @Override
  public void run() {
    whole.forEach(Kernel::run);
  }

  @Override
  public boolean worthTiling() {
    return weight.spec().size() <= SMALL;
  }

  @Override
  public int alignment() {
    return 1;
  }

  @Override
  public List<FeatureMap> maps() {
    return List.of(from, to);
  }

  @Override
  @SuppressWarnings("try") // the scope works by being open
  public void tile(Set<Integer> images, int workers) {
    try (PointerScope scope = new PointerScope()) {
      for (int size : images) {
        tiles.put(size, OneDnn.byOneThread(() -> tiles(size, workers)));
      }
      for (int image = 0; image < from.shape().batch(); image++) {
        sources.put(image, at(from, image));
        targets.put(image, at(to, image));
      }
    }
  }

  private static Pointer at(FeatureMap map, int image) {
    return map.pointer(image * (map.shape().size() / map.shape().batch())).retainReference();
  }

  private List<Tile> tiles(int images, int workers) {
    boolean forward = pass == Pass.FORWARD;
    memory.desc x = OneDnn.images(forward ? from : to, images);
    memory.desc y = OneDnn.images(forward ? to : from, images);
    long[] sizes = {conv.out(), conv.in(), conv.kernel(), conv.kernel()};
    long[] strides = {conv.stride(), conv.stride()};
    long[] padding = {conv.padding(), conv.padding()};
    memory.desc chosen = OneDnn.array(sizes, OneDnn.type(from.type()), memory.format_tag.any);
    primitive_attr attributes = OneDnn.attributes();
    var front =
        new convolution_forward.primitive_desc(
            OneDnn.CPU,
            prop_kind.forward_training,
            algorithm.convolution_direct,
            x,
            chosen,
            y,
            strides,
            padding,
            padding,
            attributes,
            false);
    if (forward) {
      primitive prepared = new convolution_forward(front);
      return bound(prepared, x, y, front.weights_desc(), front.scratchpad_desc(), workers);
    }
    var back =
        new convolution_backward_data.primitive_desc(
            OneDnn.CPU,
            algorithm.convolution_direct,
            x,
            chosen,
            y,
            strides,
            padding,
            padding,
            front,
            attributes,
            false);
    primitive prepared = new convolution_backward_data(back);
    return bound(prepared, y, x, back.weights_desc(), back.scratchpad_desc(), workers);
  }

  /** One for each worker. */
  private List<Tile> bound(
      primitive prepared,
      memory.desc source,
      memory.desc target,
      memory.desc layout,
      memory.desc scratchpad,
      int workers) {
    long[] sizes = {conv.out(), conv.in(), conv.kernel(), conv.kernel()};
    memory kernel =
        OneDnn.over(
            OneDnn.array(sizes, memory.data_type.f32, memory.format_tag.hwio),
            weight.weights().pointer(weight.offset()));
    // Not shared, as several convolutions may run at a time.
    memory packed = OneDnn.over(layout, arena.array(OneDnn.floats(layout)).pointer(0));
    packing.add(
        arena
            .own(new Primitive(OneDnn.rearrangement(kernel, packed)))
            .with(DNNL_ARG_SRC, kernel)
            .with(DNNL_ARG_DST, packed));
    boolean forward = pass == Pass.FORWARD;
    List<Tile> bound = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      NativeArray own = arena.shared("scratchpad " + worker, OneDnn.floats(scratchpad));
      memory read = OneDnn.over(source, from.pointer(0)).retainReference();
      memory made = OneDnn.over(target, to.pointer(0)).retainReference();
      bound.add(
          new Tile(
              OneDnn.bind(prepared, scratchpad, own, arena)
                  .with(forward ? DNNL_ARG_SRC : DNNL_ARG_DIFF_DST, read)
                  .with(DNNL_ARG_WEIGHTS, packed)
                  .with(forward ? DNNL_ARG_DST : DNNL_ARG_DIFF_SRC, made),
              read,
              made));
    }
    return bound;
  }

  @Override
  public void before() {
    packing.forEach(Kernel::run);
  }

  @Override
  public void run(int first, int images, int worker) {
    Tile tile = tiles.get(images).get(worker);
    tile.source().set_data_handle(sources.get(first));
    tile.target().set_data_handle(targets.get(first));
    tile.primitive().run();
  }

  @Override
  public void close() {
    tiles.values().stream()
        .flatMap(List::stream)
        .forEach(
            tile -> {
              tile.source().close();
              tile.target().close();
            });
    tiles.clear();
  }
}
