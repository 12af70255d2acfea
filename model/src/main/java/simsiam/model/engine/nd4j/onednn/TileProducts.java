package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.PointerScope;
import simsiam.model.engine.RowProducts;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.NativeArray;

/**
 * Products of rows by oneDNN: as many rows as the second-level cache holds are copied there once,
 * and both products read them there. Each works with the thread that calls it alone, so that its
 * sums do not depend on the number of threads.
 */
public final class TileProducts implements RowProducts {
  /** Values of a tile, 512 KiB. */
  private static final int TILE = 1 << 17;

  private static final int FEWEST_ROWS = 64;
  private static final int MOST_ROWS = 512;

  private final int rows;
  private final int dim;
  private final int columns;
  private final Arena arena = new Arena();
  private final NativeArray x;
  private final NativeArray weights;
  private final NativeArray z;
  private final NativeArray sum;
  private final Primitive pack;
  private final Primitive forward;
  private final Primitive backward;
  private final float[] zeros;
  private final float[] taken;
  private int count;

  /** Products of rows of {@code dim} channels with {@code columns} columns. */
  public TileProducts(int dim, int columns) {
    this.dim = dim;
    this.columns = columns;
    rows = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, Integer.highestOneBit(TILE / dim)));
    zeros = new float[columns * Math.max(rows, dim)];
    taken = new float[columns * dim];
    try {
      x = arena.array((long) rows * dim);
      weights = arena.array((long) columns * dim);
      z = arena.array((long) rows * columns);
      sum = arena.array((long) columns * dim);
      Primitive[] made = OneDnn.byOneThread(this::primitives);
      pack = made[0];
      forward = made[1];
      backward = made[2];
    } catch (RuntimeException | Error e) { // no memory for one of them
      arena.close();
      throw e;
    }
  }

  @SuppressWarnings("try") // the scope works by being open
  private Primitive[] primitives() {
    try (PointerScope scope = new PointerScope()) {
      memory tile = over(x, format_tag.ab, rows, dim);
      memory plain = over(weights, format_tag.ba, dim, columns);
      memory logits = over(z, format_tag.ab, rows, columns);
      memory transposed = over(z, format_tag.ba, columns, rows);
      memory gradient = over(sum, format_tag.ab, columns, dim);
      memory.desc chosen =
          OneDnn.array(new long[] {dim, columns}, memory.data_type.f32, format_tag.any);
      var plan =
          new matmul.primitive_desc(
              OneDnn.CPU, tile.get_desc(), chosen, logits.get_desc(), OneDnn.attributes(), false);
      memory.desc layout = plan.weights_desc();
      memory packed = OneDnn.over(layout, arena.array(OneDnn.floats(layout)).pointer(0));
      Primitive packing =
          arena
              .own(new Primitive(new reorder(plain, packed)))
              .with(DNNL_ARG_SRC, plain)
              .with(DNNL_ARG_DST, packed);
      Primitive product =
          OneDnn.bind(new matmul(plan), plan, arena)
              .with(DNNL_ARG_SRC, tile)
              .with(DNNL_ARG_WEIGHTS, packed)
              .with(DNNL_ARG_DST, logits);
      post_ops added = new post_ops();
      added.append_sum();
      primitive_attr adding = OneDnn.attributes();
      adding.set_post_ops(added);
      var summing =
          new matmul.primitive_desc(
              OneDnn.CPU,
              transposed.get_desc(),
              tile.get_desc(),
              gradient.get_desc(),
              adding,
              false);
      Primitive gradients =
          OneDnn.bind(new matmul(summing), summing, arena)
              .with(DNNL_ARG_SRC, transposed)
              .with(DNNL_ARG_WEIGHTS, tile)
              .with(DNNL_ARG_DST, gradient);
      return new Primitive[] {packing, product, gradients};
    }
  }

  private static memory over(NativeArray array, format_tag layout, long first, long second) {
    return OneDnn.over(
        OneDnn.array(new long[] {first, second}, memory.data_type.f32, layout), array.pointer(0));
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public void weights(float[] values) {
    weights.write(0, values, 0, columns * dim);
    pack.run();
  }

  @Override
  public void load(float[] values, int offset, int loaded) {
    x.write(0, values, offset, loaded * dim);
    count = loaded;
  }

  @Override
  public void forward(float[] logits) {
    forward.run();
    z.read(0, logits, 0, count * columns);
  }

  @Override
  public void backward(float[] p) {
    z.write(0, p, 0, count * columns);
    z.write(count * columns, zeros, 0, (rows - count) * columns);
    backward.run();
  }

  @Override
  public void takeSum(double[] to) {
    sum.read(0, taken, 0, taken.length);
    for (int i = 0; i < taken.length; i++) {
      to[i] += taken[i];
    }
    sum.write(0, zeros, 0, taken.length);
  }

  @Override
  public void close() {
    arena.close();
  }
}
