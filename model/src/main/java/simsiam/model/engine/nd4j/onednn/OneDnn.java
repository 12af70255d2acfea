package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;

import java.util.Locale;
import java.util.function.Supplier;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;

/**
 * oneDNN in this process. ND4J has a copy of its own, but prepares every call of it anew and in its
 * own layouts; here a primitive is prepared once and works on our arrays as they lie.
 */
public final class OneDnn {
  /**
   * Both live as long as the process. A stream of the CPU has no state that threads could share.
   */
  static final engine CPU = new engine(engine.kind.cpu, 0).retainReference();

  static final stream STREAM = new stream(CPU).retainReference();

  /** Floats below which a copy is quicker by one thread than by all, which have to be woken. */
  private static final int SMALL = 1 << 18;

  private OneDnn() {}

  /** {@code oneDNN 3.11.0 (avx512_core_bf16)}: its version and the instructions it uses here. */
  public static String describe() {
    dnnl_version_t version = dnnl.version();
    String instructions = dnnl.get_effective_cpu_isa().intern().name();
    return String.format(
        Locale.ROOT,
        "oneDNN %d.%d.%d (%s)",
        version.major(),
        version.minor(),
        version.patch(),
        instructions);
  }

  /** Maps as they lie: NHWC. oneDNN names sizes in the order NCHW whatever the layout. */
  static memory.desc maps(FeatureMap maps) {
    return maps(maps, 1);
  }

  /** One of {@code parts} as many images. */
  static memory.desc maps(FeatureMap maps, int parts) {
    return images(maps, maps.shape().batch() / parts);
  }

  /** So many images of maps. */
  static memory.desc images(FeatureMap maps, int images) {
    MapShape shape = maps.shape();
    long[] sizes = {images, shape.channels(), shape.height(), shape.width()};
    return array(sizes, type(maps.type()), memory.format_tag.nhwc);
  }

  static memory.desc array(long[] sizes, memory.data_type type, memory.format_tag layout) {
    return new memory.desc(sizes, type, layout);
  }

  static memory.data_type type(ElementType type) {
    return type == ElementType.BFLOAT16 ? memory.data_type.bf16 : memory.data_type.f32;
  }

  /** Has a primitive work in memory that it is given. */
  static primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    return attributes;
  }

  /** Gives a primitive of such attributes the memory it works in, which all of a network share. */
  static Primitive bind(primitive prepared, primitive_desc plan, Arena arena) {
    memory.desc size = plan.scratchpad_desc();
    return bind(prepared, size, arena.shared("scratchpad", floats(size)), arena);
  }

  /** The same with memory of its own. */
  static Primitive bind(primitive prepared, memory.desc size, NativeArray scratchpad, Arena arena) {
    return arena
        .own(new Primitive(prepared))
        .with(DNNL_ARG_SCRATCHPAD, over(size, scratchpad.pointer(0)));
  }

  /** Maps under their own description. */
  static memory over(FeatureMap maps) {
    return over(maps(maps), maps.pointer(0));
  }

  /** An array of ours under a description. */
  static memory over(memory.desc description, Pointer values) {
    return new memory(description, CPU, values);
  }

  /** Floats that an array of this description takes; at least one. */
  static long floats(memory.desc description) {
    return Math.max(1, (description.get_size() + Float.BYTES - 1) / Float.BYTES);
  }

  /** A copy into another layout. */
  static reorder rearrangement(memory from, memory to) {
    return floats(to.get_desc()) >= SMALL
        ? new reorder(from, to)
        : byOneThread(() -> new reorder(from, to));
  }

  /**
   * Has what oneDNN prepares or runs here take the calling thread alone: a primitive takes the
   * threads that OpenMP has when it is prepared. The library that ND4J loaded is oneDNN's too.
   */
  public static <T> T byOneThread(Supplier<T> work) {
    NativeOps openMp = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int threads = openMp.ompGetMaxThreads();
    openMp.setOmpNumThreads(1);
    try {
      return work.get();
    } finally {
      openMp.setOmpNumThreads(threads);
    }
  }
}
