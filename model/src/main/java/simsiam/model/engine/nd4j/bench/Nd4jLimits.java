package simsiam.model.engine.nd4j.bench;

import java.nio.FloatBuffer;
import java.util.OptionalDouble;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.bench.MachineLimits;
import simsiam.model.engine.nd4j.Nd4jBackend;
import simsiam.model.engine.nd4j.host.Workers;
import simsiam.model.engine.nd4j.kernels.BoundOp;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.onednn.Bfloat16Instructions;

/** Measures the machine with the threads that training uses. Takes a second or two. */
public final class Nd4jLimits {
  /** Rows and columns of the product: 16 MB a matrix, enough work to hide every start. */
  private static final int SIDE = 2048;

  /** Floats of a copy: 256 MB, several times a last-level cache. */
  private static final int COPIED = 64 << 20;

  private static final int REPEATS = 9;

  private Nd4jLimits() {}

  /** The fastest of some runs of each, which a busy machine disturbs least. */
  public static MachineLimits measure() {
    Nd4jBackend backend = Nd4jBackend.load();
    try (Workers workers = new Workers(backend.threads())) {
      double product = 2.0 * SIDE * SIDE * SIDE / productNanos();
      double copy = 2.0 * Float.BYTES * COPIED / copyNanos(workers);
      return new MachineLimits(product, bfloat16Product(), copy);
    }
  }

  private static long productNanos() {
    long size = (long) SIDE * SIDE;
    try (NativeArray a = new NativeArray(size);
        NativeArray b = new NativeArray(size);
        NativeArray c = new NativeArray(size)) {
      fill(a);
      fill(b);
      try (BoundOp product =
          BoundOp.product(square(a), false, square(b), false, square(c), false)) {
        return fastest(product::run);
      }
    }
  }

  @SuppressWarnings("try") // the scope works by being open
  private static OptionalDouble bfloat16Product() {
    if (!Bfloat16Instructions.here().present()) {
      return OptionalDouble.empty();
    }
    try (PointerScope scope = new PointerScope()) {
      engine cpu = new engine(engine.kind.cpu, 0);
      stream queue = new stream(cpu);
      long[] sizes = {SIDE, SIDE};
      memory.desc square = new memory.desc(sizes, memory.data_type.bf16, memory.format_tag.ab);
      memory.desc chosen = new memory.desc(sizes, memory.data_type.bf16, memory.format_tag.any);
      var plan =
          new matmul.primitive_desc(cpu, square, chosen, square, new primitive_attr(), false);
      matmul product = new matmul(plan);
      IntMemoryMap arguments =
          new IntMemoryMap()
              .put(dnnl.DNNL_ARG_SRC, new memory(square, cpu))
              .put(dnnl.DNNL_ARG_WEIGHTS, new memory(plan.weights_desc(), cpu))
              .put(dnnl.DNNL_ARG_DST, new memory(square, cpu));
      long nanos = fastest(() -> product.execute(queue, arguments));
      return OptionalDouble.of(2.0 * SIDE * SIDE * SIDE / nanos);
    }
  }

  private static INDArray square(NativeArray array) {
    return array.view(0, SIDE, SIDE);
  }

  private static void fill(NativeArray array) {
    for (int i = 0; i < array.size(); i++) {
      array.values().put(i, i % 97 - 48);
    }
  }

  private static long copyNanos(Workers workers) {
    int parts = workers.count() * 8;
    int length = COPIED / parts;
    try (NativeArray from = new NativeArray(COPIED);
        NativeArray to = new NativeArray(COPIED)) {
      fill(from);
      FloatBuffer target = to.values();
      return fastest(
          () ->
              workers.run(
                  parts,
                  (part, scratch) ->
                      target.put(part * length, from.values(), part * length, length)));
    }
  }

  /** Nanoseconds. */
  private static long fastest(Runnable work) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < REPEATS; i++) {
      long start = System.nanoTime();
      work.run();
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }
}
