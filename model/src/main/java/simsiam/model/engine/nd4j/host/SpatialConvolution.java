package simsiam.model.engine.nd4j.host;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCRATCHPAD;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc;
import org.bytedeco.javacpp.Pointer;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.net.Node;

/**
 * The three passes of a convolution with a window larger than a pixel. Each wants the kernel, or
 * leaves its gradient, in a layout of oneDNN's choice, and so has it rearranged on the way: a small
 * part of the time. Maps are taken as they lie.
 *
 * <p>Made within a {@link org.bytedeco.javacpp.PointerScope}, which frees what only the making
 * needed.
 */
final class SpatialConvolution {
  private final Parameter weight;
  private final Binding to;
  private final long[] strides;
  private final long[] padding;
  private final memory.desc x;
  private final memory.desc y;
  private final memory.desc kernel; // as our parameters lie: kH, kW, in, out
  private final memory.desc chosen; // a kernel in a layout that oneDNN may choose
  private final primitive_attr attributes = new primitive_attr();
  private final convolution_forward.primitive_desc forward;

  SpatialConvolution(Node.Convolution conv, Parameter weight, Binding to) {
    this.weight = weight;
    this.to = to;
    strides = new long[] {conv.stride(), conv.stride()};
    padding = new long[] {conv.padding(), conv.padding()};
    x = OneDnn.maps(to.x().shape());
    y = OneDnn.maps(to.y().shape());
    long[] sizes = {conv.out(), conv.in(), conv.kernel(), conv.kernel()};
    kernel = OneDnn.array(sizes, memory.format_tag.hwio);
    chosen = OneDnn.array(sizes, memory.format_tag.any);
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    forward =
        new convolution_forward.primitive_desc(
            OneDnn.CPU,
            to.gradients().isPresent() ? prop_kind.forward_training : prop_kind.forward_inference,
            algorithm.convolution_direct,
            x,
            chosen,
            y,
            strides,
            padding,
            padding,
            attributes,
            false);
  }

  List<Kernel> forward() {
    memory packed = packed(forward.weights_desc());
    Primitive convolution =
        bind(new convolution_forward(forward), forward)
            .with(DNNL_ARG_SRC, maps(x, to.x()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DST, maps(y, to.y()));
    return List.of(rearranged(kernel(weight.weights()), packed), convolution);
  }

  List<Kernel> inputGradient() {
    var plan =
        new convolution_backward_data.primitive_desc(
            OneDnn.CPU,
            algorithm.convolution_direct,
            x,
            chosen,
            y,
            strides,
            padding,
            padding,
            forward,
            attributes,
            false);
    memory packed = packed(plan.weights_desc());
    Primitive convolution =
        bind(new convolution_backward_data(plan), plan)
            .with(DNNL_ARG_DIFF_DST, maps(y, gradients().first()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DIFF_SRC, maps(x, gradients().input().orElseThrow()));
    return List.of(rearranged(kernel(weight.weights()), packed), convolution);
  }

  List<Kernel> weightGradient() {
    var plan =
        new convolution_backward_weights.primitive_desc(
            OneDnn.CPU,
            algorithm.convolution_direct,
            x,
            chosen,
            y,
            strides,
            padding,
            padding,
            forward,
            attributes,
            false);
    memory packed = packed(plan.diff_weights_desc());
    Primitive convolution =
        bind(new convolution_backward_weights(plan), plan)
            .with(DNNL_ARG_SRC, maps(x, to.x()))
            .with(DNNL_ARG_DIFF_DST, maps(y, gradients().first()))
            .with(DNNL_ARG_DIFF_WEIGHTS, packed);
    return List.of(convolution, rearranged(packed, kernel(weight.gradients())));
  }

  private Binding.Gradients gradients() {
    return to.gradients().orElseThrow();
  }

  private static memory maps(memory.desc description, FeatureMap map) {
    return OneDnn.over(description, map.storage().pointer(0));
  }

  private memory kernel(NativeArray parameters) {
    return OneDnn.over(kernel, parameters.pointer(weight.offset()));
  }

  private memory packed(memory.desc layout) {
    return OneDnn.over(
        layout, to.context().arena().shared("packed kernel", OneDnn.floats(layout)).pointer(0));
  }

  private Primitive rearranged(memory from, memory target) {
    return to.context()
        .arena()
        .own(new Primitive(OneDnn.rearrangement(from, target)))
        .with(DNNL_ARG_SRC, from)
        .with(DNNL_ARG_DST, target);
  }

  /** Gives a primitive the memory it works in, which all of a network share. */
  private Primitive bind(primitive prepared, primitive_desc plan) {
    memory.desc size = plan.scratchpad_desc();
    Pointer scratchpad = to.context().arena().shared("scratchpad", OneDnn.floats(size)).pointer(0);
    return to.context()
        .arena()
        .own(new Primitive(prepared))
        .with(DNNL_ARG_SCRATCHPAD, OneDnn.over(size, scratchpad));
  }
}
