package simsiam.model.engine.nd4j.host;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Program;
import simsiam.model.engine.nd4j.kernels.TiledKernel;
import simsiam.model.engine.nd4j.onednn.OneDnn;

/**
 * Operations that follow one another, each on a tile of images while what the one before it made of
 * them is in the cache: a norm, the convolution that reads it, the sums of the norm behind. A tile
 * is one thread's, which need not wait for others until the end.
 */
final class TiledChain implements Program.Chain {
  /** Floats of a tile's largest map: half a core's second-level cache, at most. */
  private static final long TILE = 1 << 17;

  /** Tiles a thread, so that none waits long for the last. */
  private static final int TILES_PER_THREAD = 4;

  private final List<Kind> kinds;
  private final List<TiledKernel> kernels;
  private final Workers workers;
  private final int views;
  private final int imagesPerView;
  private final int tile;
  private final AtomicLongArray nanos;

  private TiledChain(
      List<Operation> operations, Workers workers, int views, int imagesPerView, int tile) {
    kinds = operations.stream().map(Operation::kind).toList();
    kernels = operations.stream().map(TiledChain::tiled).toList();
    this.workers = workers;
    this.views = views;
    this.imagesPerView = imagesPerView;
    this.tile = tile;
    nanos = new AtomicLongArray(kernels.size());
    Set<Integer> sizes = new TreeSet<>(Set.of(Math.min(tile, imagesPerView)));
    if (imagesPerView % tile > 0) {
      sizes.add(imagesPerView % tile);
    }
    kernels.forEach(kernel -> kernel.tile(sizes, workers.count()));
  }

  private static TiledKernel tiled(Operation operation) {
    return (TiledKernel) operation.kernel();
  }

  /** Makes chains of operations that can be tiled and follow one another, as long as can be. */
  static List<Operation> arranged(List<Operation> operations, Workers workers, Context context) {
    List<Operation> arranged = new ArrayList<>();
    List<Operation> chain = new ArrayList<>();
    for (Operation operation : operations) {
      boolean tiled = operation.kernel() instanceof TiledKernel kernel && kernel.worthTiling();
      if (!tiled || !joins(operation, chain)) {
        close(chain, arranged, workers, context);
      }
      if (!tiled) {
        arranged.add(operation);
        continue;
      }
      chain.add(operation);
      if (tiled(operation).sums()) {
        close(chain, arranged, workers, context);
      }
    }
    close(chain, arranged, workers, context);
    return arranged;
  }

  /**
   * Whether the images of a tile lie at the same places in all maps that share memory, so that no
   * tile writes over what another one still reads.
   */
  private static boolean joins(Operation operation, List<Operation> chain) {
    return chain.stream()
        .flatMap(other -> tiled(other).maps().stream())
        .allMatch(map -> tiled(operation).maps().stream().allMatch(own -> alike(map, own)));
  }

  private static boolean alike(FeatureMap a, FeatureMap b) {
    boolean batch = a.shape().batch() == b.shape().batch();
    boolean lies = a.shape().equals(b.shape()) && a.type() == b.type();
    return batch && (lies || a.storage() != b.storage());
  }

  private static void close(
      List<Operation> chain, List<Operation> arranged, Workers workers, Context context) {
    int tile = chain.size() < 2 ? 0 : tile(chain, workers, context);
    if (tile == 0) {
      arranged.addAll(chain);
    } else {
      int images = tiled(chain.get(0)).maps().get(0).shape().batch() / context.views();
      TiledChain made = new TiledChain(chain, workers, context.views(), images, tile);
      arranged.add(new Operation(chain.get(0).kind(), made));
    }
    chain.clear();
  }

  /** Images of a tile; 0 if there would be too few tiles for the threads, or too large ones. */
  private static int tile(List<Operation> chain, Workers workers, Context context) {
    long alignment = 1;
    long largest = 0;
    int images = 0;
    for (Operation operation : chain) {
      long own = tiled(operation).alignment();
      alignment = alignment / greatestCommonDivisor(alignment, own) * own;
      for (FeatureMap map : tiled(operation).maps()) {
        images = map.shape().batch();
        largest = Math.max(largest, map.type().floats(map.shape().size()) / images);
      }
    }
    long byCache = TILE / largest / alignment;
    long byThreads = images / (alignment * TILES_PER_THREAD * workers.count());
    long tiles = Math.min(byCache, byThreads);
    boolean fits = images % context.views() == 0 && tiles > 0;
    return fits ? Math.toIntExact(tiles * alignment) : 0;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  @Override
  public void run() {
    for (int i = 0; i < kernels.size(); i++) {
      nanos.set(i, 0);
    }
    kernels.forEach(TiledKernel::before);
    int tiles = (imagesPerView + tile - 1) / tile;
    // The first tiles of all views go first, as others may wait for them.
    workers.run(
        views * tiles,
        (index, scratch) ->
            OneDnn.byOneThread(() -> tile(index % views, index / views, scratch.worker())));
    kernels.forEach(TiledKernel::after);
  }

  /** Runs one tile; returns its images. */
  private int tile(int view, int index, int worker) {
    int first = index * tile;
    int images = Math.min(tile, imagesPerView - first);
    try {
      long start = System.nanoTime();
      for (int i = 0; i < kernels.size(); i++) {
        kernels.get(i).run(view * imagesPerView + first, images, worker);
        long end = System.nanoTime();
        nanos.addAndGet(i, end - start);
        start = end;
      }
    } catch (RuntimeException | Error e) {
      kernels.forEach(TiledKernel::cancel);
      throw e;
    }
    return images;
  }

  @Override
  public Map<Kind, Long> split(long elapsed) {
    double sum = 0;
    for (int i = 0; i < kernels.size(); i++) {
      sum += nanos.get(i);
    }
    Map<Kind, Long> split = new EnumMap<>(Kind.class);
    for (int i = 0; i < kernels.size(); i++) {
      split.merge(kinds.get(i), (long) (elapsed * (nanos.get(i) / sum)), Long::sum);
    }
    return split;
  }
}
