package simsiam.model.engine.nd4j.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.NativeArray;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.onednn.TiledConvolution.Pass;
import simsiam.model.net.Node;

/**
 * The three passes of a convolution by oneDNN, on maps of float32 with a window larger than a
 * pixel, on maps of bf16 with any. Each wants the kernel, or leaves its gradient, in a layout of
 * oneDNN's choice, and so has it rearranged, and rounded to bf16, on the way: a small part of the
 * time. Gradients of the kernel are float32. Maps are taken as they lie.
 *
 * <p>Made within a {@link org.bytedeco.javacpp.PointerScope}, which frees what only the making
 * needed.
 */
public final class SpatialConvolution {
  private final Node.Convolution conv;
  private final Parameter weight;
  private final Binding to;
  private final Arena arena;
  private final long[] strides;
  private final long[] padding;
  private final memory.desc x;
  private final memory.desc y;
  private final memory.desc kernel; // as our parameters lie: kH, kW, in, out
  private final memory.desc chosen; // a kernel in a layout that oneDNN may choose
  private final memory.desc chosenGradient; // its gradient, which is float32 always
  private final primitive_attr attributes = OneDnn.attributes();
  private final convolution_forward.primitive_desc forward;

  public SpatialConvolution(Node.Convolution conv, Parameter weight, Binding to) {
    this.conv = conv;
    this.weight = weight;
    this.to = to;
    arena = to.context().arena();
    strides = new long[] {conv.stride(), conv.stride()};
    padding = new long[] {conv.padding(), conv.padding()};
    x = OneDnn.maps(to.x());
    y = OneDnn.maps(to.y());
    long[] sizes = {conv.out(), conv.in(), conv.kernel(), conv.kernel()};
    kernel = OneDnn.array(sizes, memory.data_type.f32, memory.format_tag.hwio);
    chosen = OneDnn.array(sizes, OneDnn.type(to.x().type()), memory.format_tag.any);
    chosenGradient = OneDnn.array(sizes, memory.data_type.f32, memory.format_tag.any);
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

  public Kernel forward() {
    memory packed = packed(forward.weights_desc());
    Primitive convolution =
        OneDnn.bind(new convolution_forward(forward), forward, arena)
            .with(DNNL_ARG_SRC, OneDnn.over(to.x()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DST, OneDnn.over(to.y()));
    List<Kernel> kernels = List.of(rearranged(kernel(weight.weights()), packed), convolution);
    return arena.own(
        new TiledConvolution(conv, weight, to.x(), to.y(), Pass.FORWARD, kernels, arena));
  }

  public Kernel inputGradient() {
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
    FeatureMap dx = gradients().input().orElseThrow();
    boolean add = gradients().addToInput();
    FeatureMap made = add ? MapArithmetic.temporary(dx, arena) : dx;
    Primitive convolution =
        OneDnn.bind(new convolution_backward_data(plan), plan, arena)
            .with(DNNL_ARG_DIFF_DST, OneDnn.over(gradients().first()))
            .with(DNNL_ARG_WEIGHTS, packed)
            .with(DNNL_ARG_DIFF_SRC, OneDnn.over(made));
    Kernel rearrangement = rearranged(kernel(weight.weights()), packed);
    if (add) {
      Kernel sum = MapArithmetic.add(dx, made, dx, false, arena);
      return () -> {
        rearrangement.run();
        convolution.run();
        sum.run();
      };
    }
    List<Kernel> kernels = List.of(rearrangement, convolution);
    return arena.own(
        new TiledConvolution(
            conv, weight, gradients().first(), dx, Pass.INPUT_GRADIENT, kernels, arena));
  }

  public Kernel weightGradient() {
    var plan =
        new convolution_backward_weights.primitive_desc(
            OneDnn.CPU,
            algorithm.convolution_direct,
            x,
            chosenGradient,
            y,
            strides,
            padding,
            padding,
            forward,
            attributes,
            false);
    memory packed = packed(plan.diff_weights_desc());
    Primitive convolution =
        OneDnn.bind(new convolution_backward_weights(plan), plan, arena)
            .with(DNNL_ARG_SRC, OneDnn.over(to.x()))
            .with(DNNL_ARG_DIFF_DST, OneDnn.over(gradients().first()))
            .with(DNNL_ARG_DIFF_WEIGHTS, packed);
    Kernel rearrangement = rearranged(packed, kernel(weight.gradients()));
    return () -> {
      convolution.run();
      rearrangement.run();
    };
  }

  private Binding.Gradients gradients() {
    return to.gradients().orElseThrow();
  }

  private memory kernel(NativeArray parameters) {
    return OneDnn.over(kernel, parameters.pointer(weight.offset()));
  }

  private memory packed(memory.desc layout) {
    return OneDnn.over(layout, arena.shared("packed kernel", OneDnn.floats(layout)).pointer(0));
  }

  private Primitive rearranged(memory from, memory target) {
    return arena
        .own(new Primitive(OneDnn.rearrangement(from, target)))
        .with(DNNL_ARG_SRC, from)
        .with(DNNL_ARG_DST, target);
  }
}
