package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.reorder;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;

/**
 * oneDNN's sums, ReLUs and copies of whole maps of one shape and type. Made within a {@link
 * org.bytedeco.javacpp.PointerScope}.
 */
public final class MapArithmetic {
  private MapArithmetic() {}

  /** Maps like these that are wanted during one operation alone. */
  static FeatureMap temporary(FeatureMap like, Arena arena) {
    long floats = like.type().floats(like.shape().size());
    return new FeatureMap(like.shape(), arena.shared("maps", floats), like.type());
  }

  /** {@code sum = a + b}, then ReLU if asked; the sum may be a or b. */
  public static Kernel add(FeatureMap a, FeatureMap b, FeatureMap sum, boolean relu, Arena arena) {
    memory.desc maps = OneDnn.maps(a);
    primitive_attr attributes = OneDnn.attributes();
    if (relu) {
      post_ops after = new post_ops();
      after.append_eltwise(algorithm.eltwise_relu, 0f, 0f);
      attributes.set_post_ops(after);
    }
    var plan =
        new binary.primitive_desc(
            OneDnn.CPU, algorithm.binary_add, maps, maps, maps, attributes, false);
    return OneDnn.bind(new binary(plan), plan, arena)
        .with(DNNL_ARG_SRC_0, OneDnn.over(a))
        .with(DNNL_ARG_SRC_1, OneDnn.over(b))
        .with(DNNL_ARG_DST, OneDnn.over(sum));
  }

  static Kernel relu(FeatureMap x, FeatureMap y, Arena arena) {
    var plan = relu(x);
    return OneDnn.bind(new eltwise_forward(plan), plan, arena)
        .with(DNNL_ARG_SRC, OneDnn.over(x))
        .with(DNNL_ARG_DST, OneDnn.over(y));
  }

  private static eltwise_forward.primitive_desc relu(FeatureMap x) {
    memory.desc maps = OneDnn.maps(x);
    return new eltwise_forward.primitive_desc(
        OneDnn.CPU,
        prop_kind.forward_training,
        algorithm.eltwise_relu,
        maps,
        maps,
        0f,
        0f,
        OneDnn.attributes(),
        false);
  }

  /**
   * {@code to = gradient} where {@code values > 0}, else 0. ReLU's input and output are above 0 at
   * the same places.
   */
  static Kernel mask(FeatureMap values, FeatureMap gradient, FeatureMap to, Arena arena) {
    memory.desc maps = OneDnn.maps(values);
    var plan =
        new eltwise_backward.primitive_desc(
            OneDnn.CPU,
            algorithm.eltwise_relu,
            maps,
            maps,
            maps,
            0f,
            0f,
            relu(values),
            OneDnn.attributes(),
            false);
    return OneDnn.bind(new eltwise_backward(plan), plan, arena)
        .with(DNNL_ARG_SRC, OneDnn.over(values))
        .with(DNNL_ARG_DIFF_DST, OneDnn.over(gradient))
        .with(DNNL_ARG_DIFF_SRC, OneDnn.over(to));
  }

  static Kernel copy(FeatureMap from, FeatureMap to, Arena arena) {
    memory source = OneDnn.over(from);
    memory target = OneDnn.over(to);
    return arena
        .own(new Primitive(new reorder(source, target)))
        .with(DNNL_ARG_SRC, source)
        .with(DNNL_ARG_DST, target);
  }
}
